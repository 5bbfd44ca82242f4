import { describe, expect, it } from 'vitest';

import { texts } from '../../src/texts/en.js';
import { wayOn } from '../../src/way-on.js';

describe('the ends', () => {
  const reasons = Object.keys(wayOn);

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
    const asking = Object.entries(wayOn).filter(([, [way]]) => way === 'ask');
    expect(asking.map(([reason]) => reason)).toEqual(expect.arrayContaining(saying.map(([reason]) => reason)));
  });
});

describe('what the computer says when it carries nothing out', () => {
  it('has a sentence for reasons known and unknown', () => {
    expect(texts.connected.problem('no_screen')).toMatch(/no screen/);
    expect(texts.connected.problem('toString')).toMatch(/cannot be controlled/);
  });
});
