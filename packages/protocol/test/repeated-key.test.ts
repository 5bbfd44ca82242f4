import { repeatedTopLevelKey } from '@proxim/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** One spelling of a string in JSON: as `JSON.stringify` has it, with some characters escaped that need not be. */
const spell = (text: string, escapes: readonly boolean[]): string => {
  const units = Array.from({ length: text.length }, (_, index) => text[index]!);
  const spelled = units.map((unit, index) => {
    const isPlain = unit >= ' ' && unit <= '~' && unit !== '"' && unit !== '\\';
    if (isPlain && !escapes[index % Math.max(escapes.length, 1)]) return unit;
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${spelled.join('')}"`;
};

const key = fc.oneof(
  fc.constantFrom('type', 'sdp', 'payload', '', '__proto__', '"', '\\', 'a\\"b', '{', '}', ','),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const member = fc.record({
  key,
  escapes: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  value: fc.json({ maxDepth: 3 }),
  space: fc.constantFrom('', ' ', '\n\t'),
});

describe('repeatedTopLevelKey', () => {
  it('[TR9] agrees with a reference that knows the keys, whatever their spelling', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 8 }), (members) => {
        const json = `{${members.map((m) => `${m.space}${spell(m.key, m.escapes)}${m.space}:${m.value}${m.space}`).join(',')}}`;
        expect(() => JSON.parse(json) as unknown).not.toThrow();
        const keys = members.map((m) => m.key);
        const expected = keys.find((name, index) => keys.indexOf(name) < index);
        expect(repeatedTopLevelKey(json)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('[TR9] passes a frame of 64 KiB in one go', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, index]));
    const json = JSON.stringify(many);
    expect(repeatedTopLevelKey(json)).toBeUndefined();
    expect(repeatedTopLevelKey(`${json.slice(0, -1)},"k4999":0}`)).toBe('k4999');
  });
});
