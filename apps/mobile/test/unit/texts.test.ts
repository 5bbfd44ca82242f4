import { describe, expect, it } from 'vitest';

import { texts } from '../../src/texts/en.js';
import { outlived, wayOn, waysOn } from '../../src/way-on.js';

describe('the ends', () => {
  const reasons = Object.keys(waysOn);

  it('each have a title and a sentence of their own', () => {
    expect(Object.keys(texts.ends).sort()).toEqual(reasons.sort());
    const said = Object.values(texts.ends).map(({ title, text }) => `${title} ${text}`);
    expect(new Set(said).size).toBe(reasons.length);
  });

  it('say no code of the wire', () => {
    for (const { title, text } of Object.values(texts.ends))
      expect(`${title} ${text}`).not.toMatch(/[a-z]_[a-z]|\d{4}/);
  });

  it('say to ask again only where that is the way on', () => {
    const saying = Object.entries(texts.ends).filter(([, { text }]) => /ask again/i.test(text));
    const asking = Object.entries(waysOn).filter(([, [way]]) => way === 'ask');
    expect(asking.map(([reason]) => reason)).toEqual(expect.arrayContaining(saying.map(([reason]) => reason)));
  });

  it('of a session that lasts never send anybody to a new code where the old one still works', () => {
    expect(Object.keys(texts.lastingEnds).sort()).toEqual([...outlived].sort());
    for (const reason of outlived) {
      expect(wayOn(reason, true)).toBe('again');
      expect(texts.lastingEnds[reason].text).not.toMatch(/new code|ask again/i);
    }
    expect(wayOn('closed_by_desktop', true)).toBe('scan');
  });
});

describe('how long ago a computer was used', () => {
  it.each([
    [-5, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [7199, '1 hour ago'],
    [86_400, 'yesterday'],
    [14 * 86_400, '14 days ago'],
  ])('is said of %d seconds', (seconds, said) => {
    expect(texts.myComputers.lastUsed(seconds)).toBe(`Last used ${said}`);
  });
});

describe('the kind of a session', () => {
  it('is said in a sentence each', () => {
    const said = (['one_time', 'temporary', 'persistent'] as const).map((type) => texts.settings.session(type, null));
    expect(new Set(said).size).toBe(3);
    expect(texts.settings.session('temporary', '14:05')).toContain('14:05');
  });
});

describe('what the computer says when it carries nothing out', () => {
  it('has a sentence for reasons known and unknown', () => {
    expect(texts.connected.problem('no_screen')).toMatch(/no screen/);
    expect(texts.connected.problem('toString')).toMatch(/cannot be controlled/);
  });
});
