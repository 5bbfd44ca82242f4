import type { KeyStroke } from '@proxim/control';
import { findSparePress, type Keyboard, type KeyPress } from './keyboard.js';
import type { Keymap } from './keymap.js';
import { keysymsOfStroke } from './shortcut-keysyms.js';
import type { SpareKeycodes } from './spare-keycodes.js';

/** Functions and keypad keys, whose keys mean what they say without modifiers alone. */
const isFunction = (keysym: number) => (keysym >= 0xfd00 && keysym <= 0xffff) || keysym >= 0x1000_0000;

/**
 * Finds the key of the desktop's layout for a key of a shortcut.
 *
 * A held Shift is the phone's, and stays: with it, the key that has the character under Shift is the better one.
 */
const findInLayout = (keysym: number, keymap: Keymap, group: number, shiftIsHeld: boolean): KeyPress | undefined => {
  const positions = keymap
    .positions(keysym, group)
    .filter(({ level }) => level === 0 || (!isFunction(keysym) && (level < 2 || keymap.level3Keycode !== undefined)));
  const isLetter = positions.some((position) => position.isLetter);
  const best = (shiftIsHeld && !isLetter ? positions.find(({ level }) => level === 1) : undefined) ?? positions[0];
  if (best === undefined) return undefined;
  const { keycode, level } = best;
  return { keycode, shift: level % 2 === 1 && !shiftIsHeld, level3: level >= 2, isSpare: false };
};

/** Finds the key by the layout alone; undefined if it needs a spare keycode. */
export const findShortcut = (
  stroke: KeyStroke,
  keymap: Keymap,
  group: number,
  shiftIsHeld: boolean,
): KeyPress | undefined => {
  for (const keysym of keysymsOfStroke(stroke)) {
    const press = findInLayout(keysym, keymap, group, shiftIsHeld);
    if (press !== undefined) return press;
  }
  return undefined;
};

/** Finds the key by the layout in use now, or else lends it a spare keycode; undefined if the key is unknown. */
export const findShortcutSlowly = async (
  stroke: KeyStroke,
  keyboard: Keyboard,
  spares: SpareKeycodes,
  isHeld: (keycode: number) => boolean,
): Promise<KeyPress | undefined> => {
  const state = await keyboard.look();
  const inLayout = findShortcut(stroke, keyboard.keymap, state.group, (state.modifiers & 1) !== 0);
  if (inLayout !== undefined) return inLayout;
  const [keysym] = keysymsOfStroke(stroke);
  if (keysym === undefined) return undefined;
  const isDown = (keycode: number) => isHeld(keycode) || state.isDown(keycode);
  const press = findSparePress(keysym, { isDown }, spares);
  await spares.commit();
  return press;
};
