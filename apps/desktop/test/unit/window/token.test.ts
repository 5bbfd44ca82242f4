import { expect, it } from 'vitest';

import { takeToken } from '../../../src/window/token.js';

const placesWith = (hash: string, stored: string | null) => {
  const shown: string[] = [];
  let kept = stored;
  return {
    shown,
    kept: () => kept,
    places: {
      location: { hash, pathname: '/', search: '' },
      history: {
        replaceState: (_data: unknown, _unused: string, url?: string | URL | null) => shown.push(String(url)),
      },
      storage: {
        getItem: () => kept,
        setItem: (_key: string, value: string) => {
          kept = value;
        },
      },
    },
  };
};

it('takes the token out of the address and keeps it for a reload', () => {
  const { places, shown, kept } = placesWith('#fresh', 'stale');
  expect(takeToken(places)).toBe('fresh');
  expect(shown).toEqual(['/']);
  expect(kept()).toBe('fresh');
});

it('finds the kept token after a reload, and none where there never was one', () => {
  expect(takeToken(placesWith('', 'kept').places)).toBe('kept');
  expect(takeToken(placesWith('', null).places)).toBeNull();
});
