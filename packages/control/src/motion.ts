/**
 * Where the finger has taken pointer and wheel since the channel opened, as running totals. Datagrams may be lost or
 * overtake each other: whoever applies the difference to the last totals loses no way, and counts none twice.
 */
export interface MotionTotals {
  /** Grows by one with each message, modulo 2^32. */
  readonly sequence: number;
  /** In 1/256 of a pixel, right and down, modulo 2^32. */
  readonly x: number;
  readonly y: number;
  /** In 1/120 of a wheel notch, right and down, modulo 2^32. */
  readonly scrollX: number;
  readonly scrollY: number;
}

/** Units of a total in one pixel. */
export const unitsPerPixel = 256;
/** Units of a total in one wheel notch, as in the high-resolution wheels of HID. */
export const unitsPerNotch = 120;

const kind = 1;
const length = 21;

/** Writes totals as 21 bytes: the kind, then sequence, x, y, scrollX and scrollY, big-endian, 32 bits each. */
export const encodeMotion = (totals: MotionTotals): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, totals.sequence);
  view.setInt32(5, totals.x);
  view.setInt32(9, totals.y);
  view.setInt32(13, totals.scrollX);
  view.setInt32(17, totals.scrollY);
  return bytes;
};

/** Reads totals; undefined for anything that {@link encodeMotion} did not write. */
export const decodeMotion = (bytes: Uint8Array): MotionTotals | undefined => {
  if (bytes.byteLength !== length || bytes[0] !== kind) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    sequence: view.getUint32(1),
    x: view.getInt32(5),
    y: view.getInt32(9),
    scrollX: view.getInt32(13),
    scrollY: view.getInt32(17),
  };
};

export const noMotion: MotionTotals = { sequence: 0, x: 0, y: 0, scrollX: 0, scrollY: 0 };

/** What the phone keeps: its totals, and the fractions of a unit that wait for the next motion. */
export interface MotionSum {
  readonly totals: MotionTotals;
  readonly rest: { readonly x: number; readonly y: number; readonly scrollX: number; readonly scrollY: number };
}

export const emptyMotionSum: MotionSum = { totals: noMotion, rest: { x: 0, y: 0, scrollX: 0, scrollY: 0 } };

const split = (value: number): readonly [whole: number, rest: number] => {
  const whole = Math.trunc(value);
  return [whole, value - whole];
};

/** Adds a motion in pixels and notches to the totals, and moves the sequence on. */
export const addMotion = (
  sum: MotionSum,
  motion: { readonly x?: number; readonly y?: number; readonly scrollX?: number; readonly scrollY?: number },
): MotionSum => {
  const [x, restX] = split(sum.rest.x + (motion.x ?? 0) * unitsPerPixel);
  const [y, restY] = split(sum.rest.y + (motion.y ?? 0) * unitsPerPixel);
  const [scrollX, restScrollX] = split(sum.rest.scrollX + (motion.scrollX ?? 0) * unitsPerNotch);
  const [scrollY, restScrollY] = split(sum.rest.scrollY + (motion.scrollY ?? 0) * unitsPerNotch);
  const { totals } = sum;
  return {
    totals: {
      sequence: (totals.sequence + 1) >>> 0,
      x: (totals.x + x) | 0,
      y: (totals.y + y) | 0,
      scrollX: (totals.scrollX + scrollX) | 0,
      scrollY: (totals.scrollY + scrollY) | 0,
    },
    rest: { x: restX, y: restY, scrollX: restScrollX, scrollY: restScrollY },
  };
};

/** What the desktop keeps: the newest totals, and what is left of a pixel and of a notch. */
export interface MotionApplied {
  readonly last: MotionTotals;
  readonly rest: { readonly x: number; readonly y: number; readonly scrollX: number; readonly scrollY: number };
}

export const nothingApplied: MotionApplied = { last: noMotion, rest: { x: 0, y: 0, scrollX: 0, scrollY: 0 } };

/** Whole pixels and whole notches to carry out. */
export interface MotionStep {
  readonly dx: number;
  readonly dy: number;
  readonly notchesX: number;
  readonly notchesY: number;
}

const difference = (to: number, from: number): number => (to - from) | 0;

/**
 * Applies newer totals. Those that are no newer than the last (overtaken, or repeated by a button press) change nothing.
 */
export const applyMotion = (
  applied: MotionApplied,
  totals: MotionTotals,
): { readonly applied: MotionApplied; readonly step: MotionStep } => {
  const { last, rest } = applied;
  if (difference(totals.sequence, last.sequence) <= 0) {
    return { applied, step: { dx: 0, dy: 0, notchesX: 0, notchesY: 0 } };
  }
  const x = rest.x + difference(totals.x, last.x);
  const y = rest.y + difference(totals.y, last.y);
  const scrollX = rest.scrollX + difference(totals.scrollX, last.scrollX);
  const scrollY = rest.scrollY + difference(totals.scrollY, last.scrollY);
  const dx = Math.trunc(x / unitsPerPixel);
  const dy = Math.trunc(y / unitsPerPixel);
  const notchesX = Math.trunc(scrollX / unitsPerNotch);
  const notchesY = Math.trunc(scrollY / unitsPerNotch);
  return {
    applied: {
      last: totals,
      rest: {
        x: x - dx * unitsPerPixel,
        y: y - dy * unitsPerPixel,
        scrollX: scrollX - notchesX * unitsPerNotch,
        scrollY: scrollY - notchesY * unitsPerNotch,
      },
    },
    step: { dx, dy, notchesX, notchesY },
  };
};
