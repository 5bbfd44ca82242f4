import type { KeyboardTables, X11Connection } from './connection.js';

/** Keys that end control from anywhere; no desktop is known to have given these another meaning. */
export const panicKeyName = 'Ctrl+Alt+End';

/** X protocol, appendix A: End, Alt_L and Num_Lock. */
const keysyms = { end: 0xff57, alt: 0xffe9, numLock: 0xff7f } as const;
const lockMask = 2;
const controlMask = 4;
/** Mod1, which Alt is by convention. */
const usualAltMask = 8;

const keycodeOf = ({ rows, firstKeycode }: KeyboardTables, keysym: number): number | undefined => {
  const row = rows.findIndex(([first]) => first === keysym);
  return row < 0 ? undefined : row + firstKeycode;
};

const maskOf = (tables: KeyboardTables, keysym: number): number | undefined => {
  const keycode = keycodeOf(tables, keysym);
  const modifier = tables.modifiers.findIndex((keycodes) => keycode !== undefined && keycodes.includes(keycode));
  return modifier < 0 ? undefined : 1 << modifier;
};

/** Every state of the locks: a grab is for one exact set of modifiers (X protocol, GrabKey). */
const lockStates = (numLock: number | undefined): readonly number[] =>
  numLock === undefined ? [0, lockMask] : [0, lockMask, numLock, lockMask | numLock];

/** The keys that end control wherever the focus is, grabbed from the X server. */
export class PanicKey {
  readonly #connection: X11Connection;
  #keycode: number | undefined;

  constructor(connection: X11Connection) {
    this.#connection = connection;
  }

  /** Whether this key of the keyboard is End, pressed with the modifiers. */
  is(keycode: number): boolean {
    return keycode === this.#keycode;
  }

  /** Grabs the keys, or grabs them where they are by now; false when somebody else has them, or there are none. */
  async grab(): Promise<boolean> {
    const tables = await this.#connection.readTables();
    const keycode = keycodeOf(tables, keysyms.end);
    if (this.#keycode !== undefined) this.#connection.ungrabKey(this.#keycode);
    this.#keycode = undefined;
    if (keycode === undefined) return false;
    const keys = controlMask | (maskOf(tables, keysyms.alt) ?? usualAltMask);
    const grabs = await Promise.allSettled(
      lockStates(maskOf(tables, keysyms.numLock)).map((locks) => this.#connection.grabKey(keycode, keys | locks)),
    );
    // Where another program has them with Caps Lock alone, they work without.
    if (grabs[0]?.status === 'rejected') return false;
    this.#keycode = keycode;
    return true;
  }
}
