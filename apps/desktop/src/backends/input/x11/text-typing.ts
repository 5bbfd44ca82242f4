import { lockMask, type X11Connection, type X11Log } from './connection.js';
import { findPress, findSparePress, type Keyboard, type KeyPress } from './keyboard.js';
import { keysymsOfText } from './keysym.js';
import type { SpareKeycodes } from './spare-keycodes.js';

export interface TextTyping {
  readonly connection: X11Connection;
  readonly keyboard: Keyboard;
  readonly spares: SpareKeycodes;
  readonly log: X11Log | undefined;
  /** Ends the text before its next batch of characters. */
  readonly signal: AbortSignal;
}

const typeKeysyms = async (keysyms: readonly number[], { keyboard, spares, log, signal }: TextTyping) => {
  const isAborted = () => signal.aborted;
  let next = 0;
  while (next < keysyms.length) {
    const state = await keyboard.look();
    if (isAborted()) return;
    const { keymap } = keyboard;
    const known = new Map<number, KeyPress>();
    const batch: KeyPress[] = [];
    for (let keysym = keysyms[next]; keysym !== undefined; keysym = keysyms[++next]) {
      const press = known.get(keysym) ?? findPress(keysym, keymap, state) ?? findSparePress(keysym, state, spares);
      if (press === undefined) break;
      known.set(keysym, press);
      batch.push(press);
    }
    await spares.commit();
    if (isAborted()) return;
    for (const press of batch) keyboard.press(press, true);
    if (batch.length === 0) {
      log?.warn('a character was left out, because the X server has no spare keycode for it');
      next++;
    }
  }
};

/**
 * Types a text exactly, code point by code point: by the layout's own keys where those are certain, else by spare
 * keycodes, as many at a time as there are. Modifiers that somebody holds stay held, so Ctrl makes shortcuts of it;
 * Caps Lock is off meanwhile. An aborted text resolves, with Caps Lock as it was.
 */
export const typeText = async (text: string, typing: TextTyping): Promise<void> => {
  const { connection, keyboard } = typing;
  const isLocked = ((await keyboard.look()).modifiers & lockMask) !== 0;
  if (isLocked) connection.setCapsLock(false);
  await typeKeysyms(keysymsOfText(text), typing);
  if (isLocked) connection.setCapsLock(true);
};
