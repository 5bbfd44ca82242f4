import type { Clock, Timer } from '@proxim/protocol';

const windowMs = 60_000;

/** How long a phone looks for a computer, a server or a session that was there before. */
export class ReturnWindow {
  readonly #clock: Clock;
  readonly #onOver: () => void;
  #deadline: number | undefined;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(options: { readonly clock: Clock; readonly onOver: () => void }) {
    this.#clock = options.clock;
    this.#onOver = options.onOver;
  }

  /** Whether the time is over, and the search goes on all the same. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Something is missing: from the first word of it there are 60 s, or `ms`, to find it. */
  open(ms = windowMs): void {
    if (this.#isOver) return;
    this.#deadline ??= this.#clock.now() + ms;
    this.#runUntil(this.#deadline);
  }

  /** What worked until now is gone as well: the time counts anew. */
  restart(): void {
    this.close();
    this.open();
  }

  /** Somebody is perhaps asked just now: for `ms` that is no fruitless search. */
  extend(ms: number): void {
    if (this.#deadline !== undefined) this.#runUntil(Math.max(this.#deadline, this.#clock.now() + ms));
  }

  /** It is found, or given up. */
  close(): void {
    this.#isOver = false;
    this.#deadline = undefined;
    this.#timer?.cancel();
  }

  #runUntil(at: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(Math.max(0, at - this.#clock.now()), () => {
      this.#deadline = undefined;
      this.#isOver = true;
      this.#onOver();
    });
  }
}
