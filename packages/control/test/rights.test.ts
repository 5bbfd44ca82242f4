import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { abilities, allRights, noRights, readRights } from '@proxim/control';

describe('rights in JSON', () => {
  it('come back as they were written', () => {
    expect(readRights(JSON.parse(JSON.stringify(allRights)))).toEqual(allRights);
    expect(readRights({ clipboard: true })).toEqual({ ...noRights, clipboard: true });
  });

  it('allow what is said to be allowed in so many words, and nothing else', () => {
    expect(readRights(JSON.parse('{"view":1,"point":"true","type":null,"__proto__":{"system":true}}'))).toEqual(
      noRights,
    );
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const rights = readRights(value);
        if (rights) expect(Object.keys(rights).sort()).toEqual([...abilities].sort());
      }),
    );
  });

  it.each([undefined, null, 7, 'all', [true]])('are not %s', (value) => {
    expect(readRights(value)).toBeUndefined();
  });
});
