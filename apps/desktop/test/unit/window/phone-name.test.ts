import { expect, it } from 'vitest';

import { chosenName, limitName } from '../../../src/window/phone-name.js';

it('ends a name after 64 characters, and never within one', () => {
  expect(limitName('a'.repeat(65))).toBe('a'.repeat(64));
  expect(Array.from(limitName('😀'.repeat(70)))).toHaveLength(64);
  // A family of four is seven code points: 9 of them fit, and no part of a tenth.
  expect(limitName('👩‍👩‍👧‍👦'.repeat(10))).toBe('👩‍👩‍👧‍👦'.repeat(9));
});

it('takes out what could disguise a name', () => {
  expect(limitName('Kit\u202Echen\n\u0007')).toBe('Kitchen');
});

it('gives a phone its own name back when nothing, or just that, is typed', () => {
  expect(chosenName('  ', 'Galaxy S23')).toBe('');
  expect(chosenName(' Galaxy S23 ', 'Galaxy S23')).toBe('');
  expect(chosenName(' Kitchen ', 'Galaxy S23')).toBe('Kitchen');
});
