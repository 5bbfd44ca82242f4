import type { Clock } from '@proxim/protocol';

/** The process's monotonic clock. Its timers do not keep the process alive: the listening socket does. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return {
      cancel: () => {
        clearTimeout(timer);
      },
    };
  },
};
