import type { Clock, Timer } from '@proxim/protocol';

/** A class, and no closure: a server has one of them for each connection. */
class SystemTimer implements Timer {
  readonly #timeout: NodeJS.Timeout;

  constructor(ms: number, callback: () => void) {
    this.#timeout = setTimeout(callback, ms);
    this.#timeout.unref();
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }
}

/** The process's monotonic clock. Its timers do not keep the process alive: the listening socket does. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (ms, callback) => new SystemTimer(ms, callback),
};
