/** Runs steps in the order in which they came. A step takes effect at once, unless an earlier one still needs time. */
export interface OrderedQueue {
  run(step: () => void | Promise<void>): void;
  /** Waits until every step so far is done. */
  idle(): Promise<void>;
}

/** `onError` hears of steps that failed; those behind them run all the same. */
export const createOrderedQueue = (onError: (error: unknown) => void): OrderedQueue => {
  const waiting: (() => void | Promise<void>)[] = [];
  let draining: Promise<void> | undefined;

  /** Runs a step, and returns a promise only if it needs time: no step of a moving pointer does. */
  const attempt = (step: () => void | Promise<void>): Promise<void> | undefined => {
    try {
      return step()?.catch(onError);
    } catch (error) {
      onError(error);
      return undefined;
    }
  };
  const drain = async (current: Promise<void>) => {
    await current;
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await attempt(step);
    draining = undefined;
  };
  return {
    run: (step) => {
      if (draining !== undefined) {
        waiting.push(step);
        return;
      }
      const current = attempt(step);
      if (current !== undefined) draining = drain(current);
    },
    idle: async () => {
      await draining;
    },
  };
};
