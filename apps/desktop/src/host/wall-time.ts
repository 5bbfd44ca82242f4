import type { Clock } from '@proxim/protocol';

/** Clocks that are apart by more than this have been set; less is the rounding of one of them. */
const setMs = 500;

/** Turns moments of the app's clock into Unix time, for those who read the clock on the wall. */
export class WallTime {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #wallClock: () => number;
  #offset = Number.NEGATIVE_INFINITY;

  /** @param options `wallClock`: Unix milliseconds */
  constructor(options: { readonly clock: Pick<Clock, 'now'>; readonly wallClock: () => number }) {
    this.#clock = options.clock;
    this.#wallClock = options.wallClock;
  }

  /** Unix milliseconds of a moment of the clock: the same answer each time, unless the wall clock was set. */
  unix(at: number): number {
    const offset = this.#wallClock() - this.#clock.now();
    if (Math.abs(offset - this.#offset) > setMs) this.#offset = offset;
    return Math.round(at + this.#offset);
  }

  /** Whole seconds until a moment in Unix milliseconds. */
  secondsUntil(unixTime: number): number {
    return Math.max(0, Math.round((unixTime - this.#wallClock()) / 1000));
  }
}
