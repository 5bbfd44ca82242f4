import type { Clock } from '@proxim/protocol';

/** The clock of the page's own events and animations: `event.timeStamp` is on it. */
export const pageClock = {
  now: () => performance.now(),
  setTimer: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return {
      cancel: () => {
        clearTimeout(timer);
      },
    };
  },
} satisfies Clock;
