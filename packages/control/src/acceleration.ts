/** One corner of the curve: at this finger speed (CSS pixels a second) the pointer goes this much further. */
interface CurvePoint {
  readonly speed: number;
  readonly factor: number;
}

/** Slow fingers aim, fast ones travel: linear between the corners, level behind the last. */
const curve: readonly CurvePoint[] = [
  { speed: 0, factor: 0 },
  { speed: 87, factor: 1 },
  { speed: 173, factor: 1 },
  { speed: 553, factor: 2 },
];

/** How much further than the finger the pointer goes at this speed, in CSS pixels a second. */
export const accelerationFactor = (speed: number): number => {
  for (let index = 1; index < curve.length; index += 1) {
    const from = curve[index - 1];
    const to = curve[index];
    if (from && to && speed <= to.speed) {
      return from.factor + ((to.factor - from.factor) * (speed - from.speed)) / (to.speed - from.speed);
    }
  }
  return curve.at(-1)?.factor ?? 1;
};

/** Two samples of one instant tell no speed; this is the shortest time that a finger is taken to have moved in. */
const shortestMs = 1;

/**
 * How far the pointer goes for a finger's motion: a pure function of the two touches and their timestamps.
 *
 * @param dx motion in CSS pixels
 * @param dy motion in CSS pixels
 * @param elapsedMs between the two touches' timestamps, in milliseconds
 * @param sensitivity 1 unless the user chose otherwise
 * @returns pixels of the desktop's screen, with fractions that the caller carries over
 */
export const accelerate = (
  dx: number,
  dy: number,
  elapsedMs: number,
  sensitivity: number,
): { readonly x: number; readonly y: number } => {
  const speed = (Math.hypot(dx, dy) * 1000) / Math.max(elapsedMs, shortestMs);
  const factor = accelerationFactor(speed) * sensitivity;
  return { x: dx * factor, y: dy * factor };
};
