const firstMs = 250;
const longestMs = 8000;

/**
 * How long to wait before the next attempt: doubling from 250 ms to 8 s, and somewhere in the upper half of that, so
 * that the many who lost one server do not return in one step.
 *
 * @param attempt 0 for the first
 * @param fraction random, in [0, 1)
 */
export const backoffMs = (attempt: number, fraction: number): number => {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10));
  return ceiling * (0.5 + fraction / 2);
};
