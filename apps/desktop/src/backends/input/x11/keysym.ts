import x11 from 'x11';

/** No symbol: what an unused level of a key holds. */
export const noSymbol = 0;
/** The keysyms (X11/keysymdef.h) that have a meaning of their own here. */
const returnKeysym = 0xff0d;
const tabKeysym = 0xff09;
export const shiftKeysym = 0xffe1;
export const level3Keysym = 0xfe03;

/** X protocol, appendix A: Latin-1 has its own numbers, the rest of Unicode follows this base. */
const unicodeBase = 0x0100_0000;
const isLatin1 = (codePoint: number) =>
  (codePoint >= 0x20 && codePoint <= 0x7e) || (codePoint >= 0xa0 && codePoint <= 0xff);

/** The keysym of a code point that is not a control character. */
export const keysymOfCodePoint = (codePoint: number): number =>
  isLatin1(codePoint) ? codePoint : unicodeBase + codePoint;

/** Older keysyms such as `Cyrillic_a`, by number. Descriptions in double parentheses are only similar, and left out. */
const readOlderKeysyms = (): ReadonlyMap<number, number> => {
  const codePoints = new Map<number, number>();
  for (const { code, description } of Object.values(x11.keySyms)) {
    const codePoint = /^\((.)\) /u.exec(description ?? '')?.[1]?.codePointAt(0);
    // From 0xfd00 on there are functions and keypad keys, whose characters are another key's.
    if (codePoint !== undefined && code < 0xfd00) codePoints.set(code, codePoint);
  }
  return codePoints;
};
let olderKeysyms: ReadonlyMap<number, number> | undefined;

const codePointOfKeysym = (keysym: number): number | undefined => {
  if (isLatin1(keysym)) return keysym;
  if (keysym >= unicodeBase && keysym <= unicodeBase + 0x10_ffff) return keysym - unicodeBase;
  olderKeysyms ??= readOlderKeysyms();
  return olderKeysyms.get(keysym);
};

/** One number for each character, though X has two for many of them; other keysyms stay as they are. */
export const canonicalKeysym = (keysym: number): number => {
  const codePoint = codePointOfKeysym(keysym);
  return codePoint === undefined ? keysym : keysymOfCodePoint(codePoint);
};

/** The small and the capital form of a letter, as keysyms; undefined for what has one form, or capitals of two letters. */
export const letterForms = (keysym: number): { readonly small: number; readonly capital: number } | undefined => {
  const codePoint = codePointOfKeysym(keysym);
  if (codePoint === undefined) return undefined;
  const character = String.fromCodePoint(codePoint);
  const [small, ...moreSmall] = character.toLowerCase();
  const [capital, ...moreCapital] = character.toUpperCase();
  if (small === undefined || capital === undefined || small === capital) return undefined;
  if (moreSmall.length > 0 || moreCapital.length > 0) return undefined;
  return {
    small: keysymOfCodePoint(small.codePointAt(0) ?? 0),
    capital: keysymOfCodePoint(capital.codePointAt(0) ?? 0),
  };
};

/** The keysyms that type a text: `\n`, `\r\n` and `\r` are Enter, `\t` is Tab; other controls and lone surrogates, which no key types, are left out. */
export const keysymsOfText = (text: string): number[] => {
  const keysyms: number[] = [];
  for (const character of text.replaceAll(/\r\n?/g, '\n')) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (character === '\n') keysyms.push(returnKeysym);
    else if (character === '\t') keysyms.push(tabKeysym);
    else if (!/[\p{Cc}\p{Cs}]/u.test(character)) keysyms.push(keysymOfCodePoint(codePoint));
  }
  return keysyms;
};
