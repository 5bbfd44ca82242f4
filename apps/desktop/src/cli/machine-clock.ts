import { uptime } from 'node:os';

import { type SleepAwareClock, sleepAwareClock } from '@proxim/protocol';

/**
 * This machine's time, which goes on while it sleeps.
 *
 * Node's own clock and timers stand still during a sleep on Linux and macOS; the time since the machine was started does
 * not, and nobody can set it.
 */
export const machineClock = (): SleepAwareClock =>
  sleepAwareClock({
    clock: {
      now: () => performance.now(),
      setTimer: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return {
          cancel: () => {
            clearTimeout(timer);
          },
        };
      },
    },
    uptimeMs: () => uptime() * 1000,
  });
