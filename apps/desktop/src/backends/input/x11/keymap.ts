import type { KeyboardTables } from './connection.js';
import { canonicalKeysym, letterForms, level3Keysym, noSymbol, shiftKeysym } from './keysym.js';

/** Where a keysym is: level 0 is the key alone, 1 with Shift, 2 with AltGr (level 3 shift), 3 with both. */
export interface KeyPosition {
  readonly keycode: number;
  readonly level: 0 | 1 | 2 | 3;
  /** The key has one meaning, whatever modifiers are held. */
  readonly isPlain: boolean;
  /** Levels 0 and 1 are a letter and its capital, so that Caps Lock swaps them. */
  readonly isLetter: boolean;
}

/** What can be typed on the desktop's keyboard as it is now. */
export interface Keymap {
  /** Where a keysym is in a layout (group 0 or 1), the fewest modifiers first; nowhere in the groups beyond. */
  positions(keysym: number, group: number): readonly KeyPosition[];
  /** Keycodes that mean nothing, and may be given a meaning. */
  readonly spareKeycodes: readonly number[];
  /** Simple keys with the two keysyms that they have: writing these again changes nothing. */
  readonly simpleKeys: ReadonlyMap<number, readonly [plain: number, shifted: number]>;
  /** Whether a keycode is one of those that are Shift. */
  isShift(keycode: number): boolean;
  /** The keycode of Shift, and of AltGr with its mask (0 without one). */
  readonly shiftKeycode: number | undefined;
  readonly level3Keycode: number | undefined;
  readonly level3Mask: number;
  /** Both groups are one, so that which of them is in use does not matter. */
  readonly hasOneGroup: boolean;
}

const levels = [0, 1, 2, 3] as const;

/** XKB protocol, section 12.4: the core table has two levels of two groups first, then levels 3 and 4 of each. */
const columnOf = (group: number, level: number): number => (level < 2 ? 2 * group + level : 2 + 2 * group + level);

type Index = Map<number, KeyPosition[]>;

const addRow = (index: Index, keycode: number, row: readonly number[], group: number) => {
  const symbols = levels.map((level) => canonicalKeysym(row[columnOf(group, level)] ?? noSymbol));
  const [first = noSymbol, second = noSymbol] = symbols;
  const letter = letterForms(first);
  const isPlain = letter === undefined && symbols.slice(1).every((symbol) => symbol === noSymbol);
  const isLetter = letter?.small === first && letter.capital === second;
  for (const level of levels) {
    const symbol = symbols[level] ?? noSymbol;
    if (symbol === noSymbol) continue;
    const positions = index.get(symbol);
    const position = { keycode, level, isPlain, isLetter };
    if (positions === undefined) index.set(symbol, [position]);
    else positions.push(position);
  }
};

/** A modifier's keycode, where a key alone has that meaning and is in the server's table of modifiers. */
const modifierKey = (tables: KeyboardTables, keysym: number): { keycode: number; mask: number } | undefined => {
  for (const [modifier, keycodes] of tables.modifiers.entries()) {
    const keycode = keycodes.find((each) => each !== 0 && tables.rows[each - tables.firstKeycode]?.[0] === keysym);
    if (keycode !== undefined) return { keycode, mask: 1 << modifier };
  }
  return undefined;
};

/** XF86 keys, most of which most keyboards lack: spare keycodes may be taken from these when none is empty. */
const isVendorKeysym = (keysym: number) => keysym >= 0x1008_0000 && keysym <= 0x1008_ffff;
/** With fewer empty keycodes than this, those of vendors' keys are taken as well. */
const fewestSpares = 4;
const mostBorrowed = 12;

/**
 * Whether the core protocol can say all that a key is, so that it may be written again: one function, or two of vendors.
 * Letters, keypad keys and those with more levels have types of their own (XKB protocol, section 12.2.3).
 */
const isSimple = ([plain = noSymbol, shifted = noSymbol, ...rest]: readonly number[]) => {
  if (rest[0] !== plain || rest[1] !== shifted || rest.slice(2).some((keysym) => keysym !== noSymbol)) return false;
  if (isVendorKeysym(plain)) return shifted === noSymbol || isVendorKeysym(shifted);
  const isKeypad = plain >= 0xff80 && plain <= 0xffbd;
  return plain !== noSymbol && shifted === noSymbol && !isKeypad && letterForms(plain) === undefined;
};

type UnusedKeys = Pick<Keymap, 'spareKeycodes' | 'simpleKeys'>;

const findUnused = (tables: KeyboardTables, ours: ReadonlySet<number>): UnusedKeys => {
  const modifiers = new Set(tables.modifiers.flat());
  const empty: number[] = [];
  const vendors: number[] = [];
  const simpleKeys = new Map<number, readonly [number, number]>();
  for (const [offset, row] of tables.rows.entries()) {
    const keycode = tables.firstKeycode + offset;
    // 8 is Linux's KEY_RESERVED, which some programs throw away.
    if (keycode <= 8 || modifiers.has(keycode)) continue;
    const [plain = noSymbol, shifted = noSymbol] = row;
    if (ours.has(keycode) || row.every((each) => each === noSymbol)) empty.push(keycode);
    else if (isSimple(row)) {
      simpleKeys.set(keycode, [plain, shifted]);
      if (isVendorKeysym(plain)) vendors.push(keycode);
    }
  }
  const spareKeycodes = empty.length >= fewestSpares ? empty : [...empty, ...vendors.slice(-mostBorrowed)];
  return { spareKeycodes, simpleKeys };
};

/** Reads the server's tables. `ours` are spare keycodes that have a meaning from us at the moment. */
export const readKeymap = (tables: KeyboardTables, ours: ReadonlySet<number>): Keymap => {
  const indices: readonly Index[] = [new Map<number, KeyPosition[]>(), new Map<number, KeyPosition[]>()];
  let hasOneGroup = true;
  for (const [offset, row] of tables.rows.entries()) {
    const keycode = tables.firstKeycode + offset;
    if (ours.has(keycode)) continue;
    if (row[0] !== row[2] || row[1] !== row[3]) hasOneGroup = false;
    for (const [group, index] of indices.entries()) addRow(index, keycode, row, group);
  }
  for (const index of indices) {
    for (const positions of index.values()) positions.sort((a, b) => a.level - b.level || a.keycode - b.keycode);
  }
  const level3 = modifierKey(tables, level3Keysym);
  return {
    positions: (keysym, group) => indices[group]?.get(canonicalKeysym(keysym)) ?? [],
    isShift: (keycode) => tables.modifiers[0]?.includes(keycode) ?? false,
    ...findUnused(tables, ours),
    shiftKeycode: modifierKey(tables, shiftKeysym)?.keycode,
    level3Keycode: level3?.keycode,
    level3Mask: level3?.mask ?? 0,
    hasOneGroup,
  };
};
