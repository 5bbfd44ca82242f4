import { accelerate, accelerationFactor } from '@proxim/control';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('acceleration', () => {
  const corners: readonly (readonly [number, number])[] = [
    [0, 0],
    [43.5, 0.5],
    [87, 1],
    [130, 1],
    [173, 1],
    [363, 1.5],
    [553, 2],
    [554, 2],
    [100_000, 2],
  ];
  for (const [speed, factor] of corners) {
    it(`at ${speed} pixels a second goes ${factor} times as far`, () => {
      expect(accelerationFactor(speed)).toBeCloseTo(factor, 10);
    });
  }

  it('never falls with speed, and has no step', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2000, noNaN: true }), (speed) => {
        const [here, further] = [accelerationFactor(speed), accelerationFactor(speed + 0.01)];
        expect(further).toBeGreaterThanOrEqual(here);
        expect(further - here).toBeLessThan(0.001);
      }),
    );
  });

  it('keeps the direction of the finger, times the sensitivity', () => {
    // 5 pixels in 50 ms: 100 pixels a second, where the pointer goes as far as the finger.
    expect(accelerate(3, -4, 50, 1)).toEqual({ x: 3, y: -4 });
    expect(accelerate(3, -4, 50, 2.5)).toEqual({ x: 7.5, y: -10 });
  });

  it('two touches of one instant are taken to be a millisecond apart', () => {
    expect(accelerate(1, 0, 0, 1)).toEqual(accelerate(1, 0, 1, 1));
    expect(accelerate(1, 0, -5, 1)).toEqual({ x: 2, y: 0 });
  });

  it('a finger that rests moves nothing', () => {
    expect(accelerate(0, 0, 16, 1)).toEqual({ x: 0, y: 0 });
  });
});
