import type { Clock, Timer } from './clock.js';

/** How often it looks whether the machine has slept. */
const lookEveryMs = 1000;
/** Clocks of one machine differ by less between two looks, unless it slept. */
const leastSleepMs = 2000;
/** A look that comes later than this was held up: by a sleep that both clocks counted, or a process that was stopped. */
const leastStallMs = 4000;

interface Pending {
  readonly at: number;
  readonly callback: () => void;
  inner: Timer;
}

/** A clock that goes on while the machine sleeps, as people's clocks do. */
export interface SleepAwareClock extends Clock {
  /**
   * Calls `listener` each time that the machine has woken up, or this process was stopped for seconds and goes on: what
   * was true before is to be doubted. Timers that came due meanwhile fire right after.
   *
   * @returns how to stop listening
   */
  onWake(listener: () => void): () => void;
  /** Looks no more. Timers stay. */
  stop(): void;
}

/**
 * Makes a clock that counts the time in which the machine slept. A monotonic clock stands still then on most systems, so
 * that 15 minutes would be 15 minutes of a lid that is open.
 *
 * @param options `clock`: the monotonic one, which carries the timers; `uptimeMs`: milliseconds since the machine was
 * started, sleep included (the wall clock will not do: people and networks set it)
 */
export const sleepAwareClock = (options: {
  readonly clock: Clock;
  readonly uptimeMs: () => number;
}): SleepAwareClock => {
  const { clock, uptimeMs } = options;
  const pending = new Set<Pending>();
  const listeners = new Set<() => void>();
  let sleptMs = 0;
  let last = { monotonic: clock.now(), uptime: uptimeMs() };
  const now = (): number => clock.now() + sleptMs;

  const arm = (at: number, callback: () => void, entry: () => Pending): Timer =>
    clock.setTimer(Math.max(0, at - now()), () => {
      pending.delete(entry());
      callback();
    });

  const rearm = (): void => {
    for (const timer of [...pending].sort((left, right) => left.at - right.at)) {
      timer.inner.cancel();
      timer.inner = arm(timer.at, timer.callback, () => timer);
    }
  };

  const look = (): void => {
    const here = { monotonic: clock.now(), uptime: uptimeMs() };
    const passed = here.monotonic - last.monotonic;
    const uncounted = here.uptime - last.uptime - passed;
    last = here;
    lookTimer = clock.setTimer(lookEveryMs, look);
    const slept = uncounted >= leastSleepMs;
    if (!slept && passed < lookEveryMs + leastStallMs) return;
    if (slept) {
      sleptMs += uncounted;
      rearm();
    }
    for (const listener of [...listeners]) listener();
  };
  let lookTimer = clock.setTimer(lookEveryMs, look);

  return {
    now,
    setTimer: (ms, callback) => {
      const at = now() + ms;
      const timer: Pending = { at, callback, inner: arm(at, callback, () => timer) };
      pending.add(timer);
      return {
        cancel: () => {
          timer.inner.cancel();
          pending.delete(timer);
        },
      };
    },
    onWake: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    stop: () => {
      lookTimer.cancel();
    },
  };
};
