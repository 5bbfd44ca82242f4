import type { KeyboardState, X11Connection } from './connection.js';
import { readKeymap, type Keymap } from './keymap.js';
import type { SpareKeycodes } from './spare-keycodes.js';

/** The keys to press for one keysym, and the modifiers that are needed around it. */
export interface KeyPress {
  readonly keycode: number;
  readonly shift: boolean;
  readonly level3: boolean;
  /** The keycode is a lent one. */
  readonly isSpare: boolean;
}

/** The desktop's keyboard as this connection knows it. */
export interface Keyboard {
  /** As it was read last. */
  readonly keymap: Keymap;
  /** Whether `keymap` is certainly right for the layout in use, so that nobody has to ask the server. */
  readonly isCertain: boolean;
  /** What is pressed now, with `keymap` read again if it has changed. */
  look(): Promise<KeyboardState>;
  /** The server says that keycodes from `first` mean something else, or that modifiers do. */
  changed(first: number | undefined, count: number): void;
  /** Presses keys with the modifiers that they need; `release` lets the key itself go again. */
  press(press: KeyPress, release: boolean): void;
}

const shiftMask = 1;

/**
 * Finds how to type one keysym without touching what is held; undefined where that cannot be certain.
 *
 * Caps Lock must be off: layouts differ in what it does.
 */
export const findPress = (keysym: number, keymap: Keymap, state: KeyboardState): KeyPress | undefined => {
  const shiftIsHeld = (state.modifiers & shiftMask) !== 0;
  const level3IsHeld = (state.modifiers & keymap.level3Mask) !== 0;
  for (const { keycode, level, isPlain } of keymap.positions(keysym, state.group)) {
    if (state.isDown(keycode)) continue;
    if (isPlain) return { keycode, shift: false, level3: false, isSpare: false };
    const wantsShift = level % 2 === 1;
    const level3 = level >= 2;
    if (level3IsHeld || (shiftIsHeld && !wantsShift)) continue;
    const shift = wantsShift && !shiftIsHeld;
    if ((shift && keymap.shiftKeycode === undefined) || (level3 && keymap.level3Keycode === undefined)) continue;
    return { keycode, shift, level3, isSpare: false };
  }
  return undefined;
};

/** Finds a spare keycode for a keysym, with or without Shift; it may be pressed after `spares.commit()`. */
export const findSparePress = (
  keysym: number,
  state: Pick<KeyboardState, 'isDown'>,
  spares: SpareKeycodes,
): KeyPress | undefined => {
  const keycode = spares.choose(keysym, state.isDown);
  return keycode === undefined ? undefined : { keycode, shift: false, level3: false, isSpare: true };
};

/** Reads the keyboard, and tells `spares` what they may lend whenever it changes. */
export const readKeyboard = async (connection: X11Connection, spares: SpareKeycodes): Promise<Keyboard> => {
  const read = async () => {
    const tables = await connection.readTables();
    const meaningOf = (keycode: number) => tables.rows[keycode - tables.firstKeycode] ?? [];
    const read = readKeymap(tables, spares.stillLent(meaningOf));
    spares.adopt(read.spareKeycodes, read.simpleKeys);
    return read;
  };
  let isStale = false;
  let keymap = await read();
  return {
    get keymap() {
      return keymap;
    },
    get isCertain() {
      return !isStale && keymap.hasOneGroup;
    },
    look: async () => {
      let state = await connection.readState();
      // The events of all that happened before the reply have arrived by now.
      while (isStale) {
        isStale = false;
        keymap = await read();
        state = await connection.readState();
      }
      return state;
    },
    changed: (first, count) => {
      if (first === undefined || !spares.isOurs(first, count)) isStale = true;
    },
    press: ({ keycode, shift, level3, isSpare }, release) => {
      const around = [shift ? keymap.shiftKeycode : undefined, level3 ? keymap.level3Keycode : undefined];
      const modifiers = around.filter((each) => each !== undefined);
      for (const modifier of modifiers) connection.setKey(modifier, true);
      connection.setKey(keycode, true);
      if (release) connection.setKey(keycode, false);
      for (const modifier of modifiers.reverse()) connection.setKey(modifier, false);
      if (isSpare) spares.pressed();
    },
  };
};
