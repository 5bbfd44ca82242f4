import type { SessionID } from './ids.js';

/** Objects and arrays in each other inside a payload. Deeper ones are read the general way. */
const deepest = 16;

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** What can stand in a string as it is: ASCII without controls, quotes and backslashes. */
const plainCharacters = new Uint8Array(256);
for (let code = 0x20; code < 0x80; code += 1) plainCharacters[code] = 1;
plainCharacters[quote] = 0;
plainCharacters[backslash] = 0;

/** What can stand behind a backslash (RFC 8259, section 7), `u` left out. */
const escapedCharacters = new Uint8Array(256);
for (const character of '"\\/bfnrt') escapedCharacters[character.charCodeAt(0)] = 1;

const hexDigits = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF') hexDigits[character.charCodeAt(0)] = 1;

const isSpace = (code: number): boolean =>
  code <= 0x20 && (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09);

const isDigit = (code: number | undefined): boolean => code !== undefined && code >= zero && code <= 0x39;

/** All indices below are -1 where the bytes are not what they should be, or not what is read here. */
const no = -1;

const skipSpace = (bytes: Uint8Array, start: number): number => {
  const { length } = bytes;
  let at = start;
  while (at < length && isSpace(bytes[at] ?? 0)) at += 1;
  return at;
};

/** Whether the text, all ASCII, stands there. */
const isAt = (bytes: Uint8Array, start: number, text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  }
  return true;
};

/** Whether the text stands there as a whole string, `start` being the index behind its opening quote. */
const isString = (bytes: Uint8Array, start: number, text: string): boolean =>
  isAt(bytes, start, text) && bytes[start + text.length] === quote;

const isHex = (bytes: Uint8Array, start: number): boolean => {
  for (let at = start; at < start + 4; at += 1) if (hexDigits[bytes[at] ?? 0] !== 1) return false;
  return true;
};

/** The index behind a string's closing quote. `start` is the index behind its opening quote. */
const endOfString = (bytes: Uint8Array, start: number): number => {
  const { length } = bytes;
  let at = start;
  for (;;) {
    // Nearly all that is scanned is scanned here: with the bound the engine reads a byte without asking whether it is there.
    while (at < length && plainCharacters[bytes[at] ?? 0] === 1) at += 1;
    const code = bytes[at];
    if (code === quote) return at + 1;
    if (code !== backslash) return no;
    const escaped = bytes[at + 1] ?? 0;
    if (escapedCharacters[escaped] === 1) at += 2;
    else if (escaped === 0x75 && isHex(bytes, at + 2)) at += 6;
    else return no;
  }
};

/** The index behind one digit or more. */
const endOfDigits = (bytes: Uint8Array, start: number): number => {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  return at === start ? no : at;
};

/** The index behind a number (RFC 8259, section 6). */
const endOfNumber = (bytes: Uint8Array, start: number): number => {
  let at = bytes[start] === minus ? start + 1 : start;
  at = bytes[at] === zero ? at + 1 : endOfDigits(bytes, at);
  if (at !== no && bytes[at] === dot) at = endOfDigits(bytes, at + 1);
  if (at === no || (bytes[at] !== 0x65 && bytes[at] !== 0x45)) return at;
  const sign = bytes[at + 1];
  return endOfDigits(bytes, sign === minus || sign === 0x2b ? at + 2 : at + 1);
};

const endOfLiteral = (bytes: Uint8Array, start: number, text: string): number =>
  isAt(bytes, start, text) ? start + text.length : no;

/** The index behind a value of whatever kind. */
const endOfValue = (bytes: Uint8Array, start: number, depth: number): number => {
  switch (bytes[start]) {
    case quote:
      return endOfString(bytes, start + 1);
    case openBrace:
      return endOfObject(bytes, start, depth);
    case openBracket:
      return endOfArray(bytes, start, depth);
    case 0x74:
      return endOfLiteral(bytes, start, 'true');
    case 0x66:
      return endOfLiteral(bytes, start, 'false');
    case 0x6e:
      return endOfLiteral(bytes, start, 'null');
    default:
      return endOfNumber(bytes, start);
  }
};

const endOfArray = (bytes: Uint8Array, start: number, depth: number): number => {
  if (depth === deepest) return no;
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === closeBracket) return at + 1;
  for (;;) {
    at = endOfValue(bytes, at, depth + 1);
    if (at === no) return no;
    at = skipSpace(bytes, at);
    if (bytes[at] === closeBracket) return at + 1;
    if (bytes[at] !== comma) return no;
    at = skipSpace(bytes, at + 1);
  }
};

/** The index of the value that belongs to a key, given the index behind the key's opening quote. */
const valueOfKey = (bytes: Uint8Array, key: number): number => {
  const end = endOfString(bytes, key);
  if (end === no) return no;
  const at = skipSpace(bytes, end);
  return bytes[at] === colon ? skipSpace(bytes, at + 1) : no;
};

/** The index of the opening quote of the next key, or of the closing brace, given the index behind a value. */
const nextKey = (bytes: Uint8Array, end: number): number => {
  const at = skipSpace(bytes, end);
  if (bytes[at] === closeBrace) return at;
  if (bytes[at] !== comma) return no;
  const key = skipSpace(bytes, at + 1);
  return bytes[key] === quote ? key : no;
};

/** The index of the opening quote of the first key, or of the closing brace. */
const firstKey = (bytes: Uint8Array, start: number): number => {
  const at = skipSpace(bytes, start + 1);
  return bytes[at] === quote || bytes[at] === closeBrace ? at : no;
};

const endOfObject = (bytes: Uint8Array, start: number, depth: number): number => {
  if (depth === deepest) return no;
  let at = firstKey(bytes, start);
  while (at !== no && bytes[at] === quote) {
    const value = valueOfKey(bytes, at + 1);
    if (value === no) return no;
    const end = endOfValue(bytes, value, depth + 1);
    if (end === no) return no;
    at = nextKey(bytes, end);
  }
  return at === no ? no : at + 1;
};

/** The index behind a payload: an object that has `sdp` or `candidate`, spelled as they are. */
const endOfPayload = (bytes: Uint8Array, start: number): number => {
  if (bytes[start] !== openBrace) return no;
  let isSignal = false;
  let at = firstKey(bytes, start);
  while (at !== no && bytes[at] === quote) {
    const key = at + 1;
    isSignal ||= isString(bytes, key, 'sdp') || isString(bytes, key, 'candidate');
    const value = valueOfKey(bytes, key);
    if (value === no) return no;
    const end = endOfValue(bytes, value, 0);
    if (end === no) return no;
    at = nextKey(bytes, end);
  }
  return at === no || !isSignal ? no : at + 1;
};

/** Which of the sessions a string names, `start` being the index behind its opening quote. */
const sessionAt = (bytes: Uint8Array, start: number, sessions: readonly SessionID[]): SessionID | undefined => {
  for (const session of sessions) if (isString(bytes, start, session)) return session;
  return undefined;
};

/**
 * Finds out, from a frame's bytes and without making a string or an object of them, whether it is a plain `signal` of one
 * of these sessions. `parseClientMessage` reads a frame that is accepted here as this `signal`; of any other frame nothing
 * is known but that it has to be read that way. What is accepted is what peers write: ASCII, the three keys of a `signal`
 * once each, in any order and layout, without escapes in what is compared.
 *
 * @param sessions the sender's own, few as they are
 * @returns the session; undefined for any frame that has to be read
 */
export const scanSignal = (bytes: Uint8Array, sessions: readonly SessionID[]): SessionID | undefined => {
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== openBrace) return undefined;
  let isTyped = false;
  let hasPayload = false;
  let session: SessionID | undefined;
  let at = firstKey(bytes, start);
  while (at !== no && bytes[at] === quote) {
    const key = at + 1;
    const value = valueOfKey(bytes, key);
    if (value === no) return undefined;
    let end = no;
    if (!isTyped && isString(bytes, key, 'type')) {
      if (bytes[value] !== quote || !isString(bytes, value + 1, 'signal')) return undefined;
      isTyped = true;
      end = value + 8;
    } else if (session === undefined && isString(bytes, key, 'sessionID')) {
      session = bytes[value] === quote ? sessionAt(bytes, value + 1, sessions) : undefined;
      if (session === undefined) return undefined;
      end = value + session.length + 2;
    } else if (!hasPayload && isString(bytes, key, 'payload')) {
      hasPayload = true;
      end = endOfPayload(bytes, value);
    }
    if (end === no) return undefined;
    at = nextKey(bytes, end);
  }
  if (at === no || !isTyped || !hasPayload) return undefined;
  return skipSpace(bytes, at + 1) === bytes.length ? session : undefined;
};
