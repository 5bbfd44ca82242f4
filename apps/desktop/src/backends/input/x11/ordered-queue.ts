/** Something to do; one that needs time looks at the signal, and does nothing more once it is aborted. */
export type QueueStep = (signal: AbortSignal) => void | Promise<void>;

/** Runs steps in the order in which they came. A step takes effect at once, unless an earlier one still needs time. */
export interface OrderedQueue {
  run(step: QueueStep): void;
  /** How many steps wait behind the one that runs. */
  readonly waiting: number;
  /** Drops the steps that wait and aborts the one that runs. Those that come later run when that one has ended. */
  drop(): void;
  /** Waits until every step so far is done. */
  idle(): Promise<void>;
}

/** `onError` hears of steps that failed; those behind them run all the same. */
export const createOrderedQueue = (onError: (error: unknown) => void): OrderedQueue => {
  const waiting: QueueStep[] = [];
  let draining: Promise<void> | undefined;
  /** Aborts the steps up to the next `drop`. */
  let abortion = new AbortController();

  /** Runs a step, and returns a promise only if it needs time: no step of a moving pointer does. */
  const attempt = (step: QueueStep): Promise<void> | undefined => {
    try {
      return step(abortion.signal)?.catch(onError);
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
    get waiting() {
      return waiting.length;
    },
    run: (step) => {
      if (draining !== undefined) {
        waiting.push(step);
        return;
      }
      const current = attempt(step);
      if (current !== undefined) draining = drain(current);
    },
    drop: () => {
      waiting.length = 0;
      abortion.abort();
      abortion = new AbortController();
    },
    idle: async () => {
      await draining;
    },
  };
};
