import type { Clock } from '@proxim/protocol';

/** More than anybody taps, and less than would keep a computer busy. */
const burst = 6;
const refillMs = 1000;

/** How often a phone may use the clipboard: so many times at once, and once a second from then on. */
export class ClipboardRate {
  readonly #clock: Pick<Clock, 'now'>;
  #left = burst;
  #at: number;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** Whether it may be used once more now. */
  take(): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(burst, this.#left + (now - this.#at) / refillMs);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
