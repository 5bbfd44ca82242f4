import {
  addMotion,
  applyMotion,
  decodeMotion,
  emptyMotionSum,
  encodeMotion,
  type MotionSum,
  type MotionTotals,
  noMotion,
  nothingApplied,
  unitsPerNotch,
  unitsPerPixel,
} from '@proxim/control';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const int32 = fc.integer({ min: -2_147_483_648, max: 2_147_483_647 });
const uint32 = fc.integer({ min: 0, max: 4_294_967_295 });
const totals: fc.Arbitrary<MotionTotals> = fc.record({
  sequence: uint32,
  x: int32,
  y: int32,
  scrollX: int32,
  scrollY: int32,
});

/** Applies totals one after the other, and sums what was to be carried out. */
const applyAll = (all: readonly MotionTotals[], start = nothingApplied) => {
  let applied = start;
  const sum = { dx: 0, dy: 0, notchesX: 0, notchesY: 0 };
  for (const each of all) {
    const result = applyMotion(applied, each);
    applied = result.applied;
    sum.dx += result.step.dx;
    sum.dy += result.step.dy;
    sum.notchesX += result.step.notchesX;
    sum.notchesY += result.step.notchesY;
  }
  return { applied, sum };
};

describe('the bytes of motion', () => {
  it('survive the way there and back', () => {
    fc.assert(
      fc.property(totals, (any) => {
        expect(decodeMotion(encodeMotion(any))).toEqual(any);
      }),
    );
  });

  it('are these 21', () => {
    const bytes = encodeMotion({ sequence: 4_294_967_295, x: -1, y: 256, scrollX: -2_147_483_648, scrollY: 120 });
    expect(Buffer.from(bytes).toString('hex')).toBe('01ffffffffffffffff000001008000000000000078');
  });

  it('are read where they lie in a larger buffer', () => {
    const bytes = encodeMotion({ ...noMotion, sequence: 7, x: 5 });
    const larger = new Uint8Array(40);
    larger.set(bytes, 11);
    expect(decodeMotion(larger.subarray(11, 32))).toEqual({ ...noMotion, sequence: 7, x: 5 });
  });

  it('are nothing when they are fewer, more, or of another kind', () => {
    const bytes = encodeMotion(noMotion);
    for (const bad of [
      new Uint8Array(),
      bytes.subarray(1),
      bytes.subarray(0, 20),
      Uint8Array.of(...bytes, 0),
      Uint8Array.of(2, ...bytes.subarray(1)),
    ]) {
      expect(decodeMotion(bad)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (any) => {
        expect(decodeMotion(any) === undefined).toBe(any.length !== 21 || any[0] !== 1);
      }),
    );
  });
});

describe('the sum of motions', () => {
  const motion = fc.record({
    x: fc.double({ min: -500, max: 500, noNaN: true }),
    y: fc.double({ min: -500, max: 500, noNaN: true }),
    scrollX: fc.double({ min: -5, max: 5, noNaN: true }),
    scrollY: fc.double({ min: -5, max: 5, noNaN: true }),
  });

  it('loses no fraction, however small the motions', () => {
    let sum: MotionSum = emptyMotionSum;
    for (let index = 0; index < 1000; index += 1) sum = addMotion(sum, { x: 0.00101, y: -0.00101, scrollY: 0.00101 });
    expect(sum.totals).toEqual({ sequence: 1000, x: 258, y: -258, scrollX: 0, scrollY: 121 });
    const next = addMotion(sum, { x: 0.002, y: -0.002, scrollY: 0.007 });
    expect(next.totals).toMatchObject({ x: 259, y: -259, scrollY: 122 });
  });

  it('grows its sequence with each, and wraps all of it around', () => {
    const full: MotionSum = {
      totals: { sequence: 4_294_967_295, x: 2_147_483_647, y: -2_147_483_648, scrollX: 0, scrollY: 0 },
      rest: emptyMotionSum.rest,
    };
    expect(addMotion(full, { x: 1, y: -1 }).totals).toEqual({
      sequence: 0,
      x: -2_147_483_648 + 255,
      y: 2_147_483_648 - 256,
      scrollX: 0,
      scrollY: 0,
    });
  });

  it('comes out at the other side within a pixel, whatever is lost, overtaken or repeated', () => {
    const journey = fc.record({
      motions: fc.array(fc.record({ motion, lost: fc.boolean(), delay: fc.nat(6), twice: fc.boolean() }), {
        minLength: 1,
        maxLength: 60,
      }),
    });
    fc.assert(
      fc.property(journey, ({ motions }) => {
        let sum: MotionSum = emptyMotionSum;
        const arrivals: { readonly at: number; readonly bytes: Uint8Array }[] = [];
        motions.forEach(({ motion: each, lost, delay, twice }, index) => {
          sum = addMotion(sum, each);
          const bytes = encodeMotion(sum.totals);
          if (!lost) arrivals.push({ at: index + delay, bytes });
          if (twice) arrivals.push({ at: index + delay * 2, bytes });
        });
        arrivals.sort((a, b) => a.at - b.at);
        const received = arrivals.map(({ bytes }) => decodeMotion(bytes)!);
        const newest = received.reduce((best, each) => (each.sequence > best.sequence ? each : best), noMotion);
        const { applied, sum: moved } = applyAll(received);
        expect(applied.last).toEqual(newest);
        expect(Math.abs(moved.dx - newest.x / unitsPerPixel)).toBeLessThan(1);
        expect(Math.abs(moved.dy - newest.y / unitsPerPixel)).toBeLessThan(1);
        expect(Math.abs(moved.notchesX - newest.scrollX / unitsPerNotch)).toBeLessThan(1);
        expect(Math.abs(moved.notchesY - newest.scrollY / unitsPerNotch)).toBeLessThan(1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('applying totals', () => {
  it('does nothing for the same or older ones', () => {
    const first = applyMotion(nothingApplied, { ...noMotion, sequence: 5, x: 1000 });
    expect(first.step).toEqual({ dx: 3, dy: 0, notchesX: 0, notchesY: 0 });
    for (const sequence of [5, 4, 1, 0, 4_294_967_295]) {
      const again = applyMotion(first.applied, { ...noMotion, sequence, x: 5000 });
      expect(again.applied).toBe(first.applied);
      expect(again.step).toEqual({ dx: 0, dy: 0, notchesX: 0, notchesY: 0 });
    }
  });

  it('goes on over the ends of sequence and totals', () => {
    const before: MotionTotals = {
      sequence: 4_294_967_295,
      x: 2_147_483_647,
      y: -2_147_483_648,
      scrollX: 0,
      scrollY: 0,
    };
    const start = { last: before, rest: nothingApplied.rest };
    const after: MotionTotals = {
      sequence: 1,
      x: -2_147_483_648 + 511,
      y: 2_147_483_647 - 511,
      scrollX: 0,
      scrollY: 0,
    };
    expect(applyMotion(start, after).step).toEqual({ dx: 2, dy: -2, notchesX: 0, notchesY: 0 });
  });

  it('keeps what is left of a pixel and of a notch', () => {
    const { sum } = applyAll([
      { sequence: 1, x: 200, y: -200, scrollX: 100, scrollY: -100 },
      { sequence: 2, x: 400, y: -400, scrollX: 200, scrollY: -200 },
    ]);
    expect(sum).toEqual({ dx: 1, dy: -1, notchesX: 1, notchesY: -1 });
  });

  it('a finger that goes and returns leaves the pointer where it was', () => {
    const { sum } = applyAll([
      { ...noMotion, sequence: 1, x: 255 },
      { ...noMotion, sequence: 2, x: -255 },
      { ...noMotion, sequence: 3, x: 0 },
    ]);
    expect(sum.dx).toBe(0);
  });
});
