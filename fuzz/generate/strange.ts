import type { Random } from '../random.js';

const strings = [
  '',
  ' ',
  '\0',
  '\n',
  '\\',
  '"',
  '{}',
  'null',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\ud800',
  '\udfff\ud800',
  'a\ud83d',
  '\u202egnp.exe',
  '\u2066x\u2069',
  '\u061c',
  '\u200f',
  '\u2028\u2029',
  '\ufeff',
  '\uffff',
  '\u0085',
  '👩‍👩‍👧‍👦',
  '🇩🇪',
  'ä',
  'a\u0308'.repeat(64),
  '😀'.repeat(128),
  '😀'.repeat(129),
  '-1',
  '1e999',
  '%00',
  '%',
  '../../x',
];

/** One character, from any plane, whole or not. */
const character = (random: Random): string => {
  switch (random.int(5)) {
    case 0:
      return String.fromCharCode(random.int(0x80));
    case 1:
      return String.fromCharCode(random.int(0x1_0000));
    case 2:
      return String.fromCodePoint(random.int(0x11_0000));
    case 3:
      return random.pick(['{', '}', '[', ']', '"', ',', ':', '\\', '\0', 'e', '-', '0']);
    default:
      return String.fromCharCode(0x20 + random.int(0x5f));
  }
};

/** Lengths around every bound of the wire. */
const lengths = [
  16, 17, 22, 23, 32, 33, 64, 65, 128, 129, 256, 257, 1024, 1025, 4096, 4097, 16_385, 32_769, 65_535, 65_536, 65_537,
  70_000,
];

export const strangeString = (random: Random): string => {
  switch (random.int(8)) {
    case 0:
    case 1:
    case 2:
      return random.pick(strings);
    case 3: {
      // A long one costs as much as a thousand short ones.
      const length = random.once(24) ? random.pick(lengths) : random.pick(lengths.slice(0, 12));
      return random.pick(['a', '0', '_', '9']).repeat(length);
    }
    case 4:
      return random.bytes(random.int(24)).toString('base64url');
    default: {
      let text = '';
      for (let left = random.int(12); left > 0; left -= 1) text += character(random);
      return text;
    }
  }
};

const numbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1e-7,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  2_000_000,
  2_000_001,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
];

/** Any JSON value; what is deep is deep in one of its parts. */
export const strangeValue = (random: Random, depth = 3): unknown => {
  switch (random.int(depth > 0 ? 9 : 6)) {
    case 0:
      return null;
    case 1:
      return random.once(2);
    case 2:
      return random.pick(numbers);
    case 3:
    case 4:
    case 5:
      return strangeString(random);
    case 6:
      return Array.from({ length: random.int(4) }, () => strangeValue(random, depth - 1));
    default: {
      const entries = Array.from({ length: random.int(4) }, () => [
        strangeString(random),
        strangeValue(random, depth - 1),
      ]);
      return Object.fromEntries(entries) as unknown;
    }
  }
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const swap = (key: string, value: unknown, fields: Fields): unknown => ({ ...fields, [key]: value });

/** Changes one thing of a value, somewhere in it. */
export const mutate = (random: Random, value: unknown): unknown => {
  if (Array.isArray(value) && value.length > 0 && !random.once(4)) {
    const items: readonly unknown[] = value;
    const at = random.int(items.length);
    switch (random.int(4)) {
      case 0:
        return items.toSpliced(at, 1);
      case 1:
        return [...items, items[at]];
      default:
        return items.with(at, mutate(random, items[at]));
    }
  }
  if (!isFields(value)) return strangeValue(random);
  const keys = Object.keys(value);
  if (keys.length === 0) return strangeValue(random);
  const key = random.pick(keys);
  const inner = value[key];
  switch (random.int(8)) {
    case 0:
      return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    case 1:
      return swap(strangeString(random), strangeValue(random), value);
    case 2:
      return swap(random.pick(keys), inner, value);
    case 3:
    case 4:
      return isFields(inner) || Array.isArray(inner)
        ? swap(key, mutate(random, inner), value)
        : swap(key, strangeValue(random), value);
    case 5:
      return typeof inner === 'string' ? swap(key, mutateText(random, inner), value) : swap(key, [inner], value);
    case 6:
      return swap(key, typeof inner === 'string' ? strangeString(random) : JSON.stringify(inner), value);
    default:
      return swap(key, strangeValue(random), value);
  }
};

/** Changes one place of a text. */
export const mutateText = (random: Random, text: string): string => {
  const at = random.int(text.length + 1);
  const to = Math.min(text.length, at + random.int(8));
  switch (random.int(6)) {
    case 0:
      return text.slice(0, at) + text.slice(to);
    case 1:
      return text.slice(0, to) + text.slice(at);
    case 2:
      return text.slice(0, at);
    case 3:
      return text.slice(0, at) + strangeString(random) + text.slice(at);
    case 4:
      return text.slice(0, at) + strangeString(random) + text.slice(to);
    default:
      return text.slice(0, at) + character(random) + text.slice(at + 1);
  }
};

/** What JSON may say and `JSON.stringify` never would. */
const mutateJson = (random: Random, text: string): string => {
  switch (random.int(7)) {
    case 0:
      return text.replace(/^\{/, () => `{"${random.pick(['type', 'sessionID', 'payload', '\\u0074ype'])}":"signal",`);
    case 1:
      return text.replace(/[:,][^:,{}[\]]+(?=[,}])/, (part) => `${part.slice(0, 1)}${random.pick(odd)}`);
    case 2: {
      const depth = random.once(32) ? 20_000 : random.int(200);
      return text.replace(
        random.once(2) ? /\}$/ : /(?<=[^{])\}/,
        () => `,"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`,
      );
    }
    case 3: {
      const depth = random.once(32) ? 8000 : random.int(100);
      return `${'{"a":'.repeat(depth)}${text}${'}'.repeat(depth)}`;
    }
    case 4:
      return random.pick([`\ufeff${text}`, ` ${text}\n`, `${text}${text}`, `[${text}]`, `${text}\0`]);
    case 5:
      return text.replace(/\}$/, () => `,"long":"${'x'.repeat(random.once(8) ? 70_000 : random.int(2000))}"}`);
    default:
      return mutateText(random, text);
  }
};

const odd = [
  'NaN',
  'Infinity',
  '1e999',
  '-1e999',
  '-0',
  '0x10',
  '01',
  '1.',
  'undefined',
  "'x'",
  '"\\ud800"',
  '"\\u0000"',
];

/** A valid value as text, or one that is more or less off. */
export const strangeJson = (random: Random, valid: unknown): string => {
  let value = valid;
  for (let left = random.int(4); left > 0; left -= 1) value = mutate(random, value);
  let text = JSON.stringify(value);
  for (let left = random.once(3) ? 1 + random.int(2) : 0; left > 0; left -= 1) text = mutateJson(random, text);
  return random.once(64) ? strangeString(random) : text;
};
