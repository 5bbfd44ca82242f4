// Random numbers that are the same for the same seed.

/** How far a count may be from its mean before the bell curve stands in for it. */
const bellFrom = 50;

/** The generator `mulberry32`, and the counts that the model draws. */
export const createRandom = (seed) => {
  let state = seed >>> 0;
  /** In [0, 1). */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  /** How many come, when `mean` do on average. */
  const poisson = (mean) => {
    if (mean > bellFrom) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let count = -1;
    for (let left = 1, floor = Math.exp(-mean); left > floor; count += 1) left *= next();
    return Math.max(0, count);
  };
  /** How many of `count` do what each does with this probability. */
  const binomial = (count, probability) => {
    const mean = count * probability;
    if (mean > bellFrom && count - mean > bellFrom) {
      const drawn = Math.round(mean + Math.sqrt(mean * (1 - probability)) * normal());
      return Math.min(count, Math.max(0, drawn));
    }
    let done = 0;
    // From one who does to the next, so that it costs as much as there are.
    for (let at = 0; probability > 0; at += 1, done += 1) {
      at += probability >= 1 ? 0 : Math.floor(Math.log(1 - next()) / Math.log(1 - probability));
      if (at >= count) break;
    }
    return done;
  };
  return { next, poisson, binomial };
};
