import type { KeyStroke } from '@proxim/control';
import { keysymOfCodePoint, letterForms } from './keysym.js';

/** UI Events `key` values that name a function, with the keysyms that may stand for them, best first. */
const namedKeys: Readonly<Record<string, readonly number[]>> = {
  Enter: [0xff0d],
  Tab: [0xff09],
  Backspace: [0xff08],
  Escape: [0xff1b],
  Delete: [0xffff],
  Insert: [0xff63],
  Home: [0xff50],
  End: [0xff57],
  PageUp: [0xff55],
  PageDown: [0xff56],
  ArrowLeft: [0xff51],
  ArrowUp: [0xff52],
  ArrowRight: [0xff53],
  ArrowDown: [0xff54],
  Shift: [0xffe1],
  Control: [0xffe3],
  Alt: [0xffe9],
  Meta: [0xffeb, 0xffe7],
  AltGraph: [0xfe03, 0xff7e],
  CapsLock: [0xffe5],
  NumLock: [0xff7f],
  ScrollLock: [0xff14],
  PrintScreen: [0xff61],
  Pause: [0xff13],
  ContextMenu: [0xff67],
  Clear: [0xff0b],
  Help: [0xff6a],
  Undo: [0xff65],
  Redo: [0xff66],
  Find: [0xff68],
  Cancel: [0xff69],
  Compose: [0xff20],
  AudioVolumeDown: [0x1008_ff11],
  AudioVolumeMute: [0x1008_ff12],
  AudioVolumeUp: [0x1008_ff13],
  MediaPlay: [0x1008_ff14],
  MediaPlayPause: [0x1008_ff14],
  MediaPause: [0x1008_ff31],
  MediaStop: [0x1008_ff15],
  MediaTrackPrevious: [0x1008_ff16],
  MediaTrackNext: [0x1008_ff17],
  MediaRewind: [0x1008_ff3e],
  MediaFastForward: [0x1008_ff97],
  MicrophoneVolumeMute: [0x1008_ffb2],
  BrightnessUp: [0x1008_ff02],
  BrightnessDown: [0x1008_ff03],
  BrowserBack: [0x1008_ff26],
  BrowserForward: [0x1008_ff27],
  BrowserRefresh: [0x1008_ff29],
  BrowserHome: [0x1008_ff18],
  BrowserSearch: [0x1008_ff1b],
  LaunchMail: [0x1008_ff19],
  Copy: [0x1008_ff57],
  Cut: [0x1008_ff58],
  Paste: [0x1008_ff6d],
  Eject: [0x1008_ff2c],
  Power: [0x1008_ff2a],
  Standby: [0x1008_ff10],
};

/** UI Events `code` values that mean a key other than their name or their `key` says; a modifier's other side is second. */
const keysByCode: Readonly<Record<string, readonly number[]>> = {
  ShiftLeft: [0xffe1],
  ShiftRight: [0xffe2, 0xffe1],
  ControlLeft: [0xffe3],
  ControlRight: [0xffe4, 0xffe3],
  AltLeft: [0xffe9],
  AltRight: [0xffea, 0xffe9],
  MetaLeft: [0xffeb],
  MetaRight: [0xffec, 0xffeb],
  NumpadEnter: [0xff8d, 0xff0d],
  NumpadAdd: [0xffab],
  NumpadSubtract: [0xffad],
  NumpadMultiply: [0xffaa],
  NumpadDivide: [0xffaf],
  NumpadDecimal: [0xffae],
  NumpadEqual: [0xffbd],
  NumpadComma: [0xffac],
  Space: [0x20],
  Minus: [0x2d],
  Equal: [0x3d],
  BracketLeft: [0x5b],
  BracketRight: [0x5d],
  Backslash: [0x5c],
  IntlBackslash: [0x3c],
  Semicolon: [0x3b],
  Quote: [0x27],
  Backquote: [0x60],
  Comma: [0x2c],
  Period: [0x2e],
  Slash: [0x2f],
};

const own = (table: Readonly<Record<string, readonly number[]>>, name: string): readonly number[] | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const functionKey = (name: string): readonly number[] | undefined => {
  const number = /^F([1-9]|1\d|2[0-4])$/.exec(name)?.[1];
  return number === undefined ? undefined : [0xffbe + Number(number) - 1];
};

const keysymsOfCode = (code: string): readonly number[] => {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return [keysymOfCodePoint(letter.toLowerCase().codePointAt(0) ?? 0)];
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return [0x30 + Number(digit)];
  const keypad = /^Numpad(\d)$/.exec(code)?.[1];
  if (keypad !== undefined) return [0xffb0 + Number(keypad)];
  return own(keysByCode, code) ?? own(namedKeys, code) ?? functionKey(code) ?? [];
};

/**
 * The keysyms that a key of the phone may stand for, best first: what its `key` names comes before its place (`code`),
 * so that Ctrl+Z is Ctrl+Z on every layout.
 */
export const keysymsOfStroke = ({ code, key }: KeyStroke): readonly number[] => {
  const byCode = keysymsOfCode(code);
  const named = own(namedKeys, key) ?? functionKey(key);
  if (named !== undefined) {
    // The place tells left from right and the keypad's Enter, but only where it agrees with the name.
    return byCode.some((keysym) => named.includes(keysym)) ? [...byCode, ...named] : named;
  }
  const [character, ...more] = key;
  const codePoint = character?.codePointAt(0);
  // `Dead`, `Process`, `Unidentified` and names unknown here.
  if (codePoint === undefined || more.length > 0) return byCode;
  if (code.startsWith('Numpad')) return byCode;
  const keysym = keysymOfCodePoint(codePoint);
  // A capital is the letter's key: Shift is a key of its own, and Caps Lock on the phone means nothing in a shortcut.
  return [letterForms(keysym)?.small ?? keysym, ...byCode];
};
