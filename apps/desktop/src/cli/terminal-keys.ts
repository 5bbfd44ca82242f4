/** What terminals send for keys such as the arrows (ECMA-48, section 5.4): the last byte may be a letter, and is none. */
const escapeSequence = new RegExp(`${String.fromCharCode(27)}(?:\\[[0-9;?]*[ -/]*[@-~]|O.|.)?`, 'g');

/** Fingers are no faster than this; more at once was pasted. */
const mostKeysAtOnce = 4;

/** The plain keys in what a terminal sent, which are several when this program was busy. */
export const keysOf = (input: string): readonly string[] => {
  const keys = Array.from(input.replace(escapeSequence, ''));
  return keys.length > mostKeysAtOnce ? [] : keys;
};

/** What a key makes of a number that is being typed. */
export type Picked =
  | { readonly kind: 'chosen'; readonly number: number }
  /** More digits could follow. */
  | { readonly kind: 'partial'; readonly digits: string }
  | { readonly kind: 'none' };

/**
 * Reads a number from 1 to `last` key by key: chosen as soon as no digit could follow, or by Enter.
 *
 * @param digits those before this key
 */
export const pickNumber = (digits: string, key: string, last: number): Picked => {
  if ((key === '\r' || key === '\n') && digits !== '') return { kind: 'chosen', number: Number(digits) };
  const typed = digits + key;
  if (!/^[1-9]\d*$/.test(typed) || Number(typed) > last) return { kind: 'none' };
  return Number(typed) * 10 <= last ? { kind: 'partial', digits: typed } : { kind: 'chosen', number: Number(typed) };
};
