import type { KeyStroke } from '@proxim/control';

/** Where the characters are on the keyboard that `code` is defined by (UI Events KeyboardEvent code Values, 3.1.1). */
const placesOfSigns: Readonly<Record<string, string>> = {
  ' ': 'Space',
  '`': 'Backquote',
  '~': 'Backquote',
  '-': 'Minus',
  _: 'Minus',
  '=': 'Equal',
  '+': 'Equal',
  '[': 'BracketLeft',
  '{': 'BracketLeft',
  ']': 'BracketRight',
  '}': 'BracketRight',
  '\\': 'Backslash',
  '|': 'Backslash',
  ';': 'Semicolon',
  ':': 'Semicolon',
  "'": 'Quote',
  '"': 'Quote',
  ',': 'Comma',
  '<': 'Comma',
  '.': 'Period',
  '>': 'Period',
  '/': 'Slash',
  '?': 'Slash',
};
const shiftedDigits = ')!@#$%^&*(';

/** The key that types a character, for shortcuts: its place as far as one is known, and what it says. */
export const strokeOfCharacter = (character: string): KeyStroke => {
  const shiftedDigit = shiftedDigits.indexOf(character);
  let code = placesOfSigns[character] ?? 'Unidentified';
  if (/^[a-z]$/i.test(character)) code = `Key${character.toUpperCase()}`;
  else if (/^\d$/.test(character)) code = `Digit${character}`;
  else if (shiftedDigit >= 0) code = `Digit${shiftedDigit}`;
  return { code, key: character };
};

const named = (name: string): KeyStroke => ({ code: name, key: name });

export const keys = {
  escape: named('Escape'),
  tab: named('Tab'),
  enter: named('Enter'),
  backspace: named('Backspace'),
  left: named('ArrowLeft'),
  up: named('ArrowUp'),
  down: named('ArrowDown'),
  right: named('ArrowRight'),
} as const;

export const modifierStrokes = {
  ctrl: { code: 'ControlLeft', key: 'Control' },
  alt: { code: 'AltLeft', key: 'Alt' },
  super: { code: 'MetaLeft', key: 'Meta' },
  shift: { code: 'ShiftLeft', key: 'Shift' },
} as const;

export type ModifierName = keyof typeof modifierStrokes;
