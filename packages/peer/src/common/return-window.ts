import type { Clock, Timer } from '@proxim/protocol';

const windowMs = 60_000;
/** A timer that comes later than this was held up: the page was frozen, or the phone slept. */
const heldUpMs = 5000;

/** How long a phone looks for a computer, a server or a session that was there before. */
export class ReturnWindow {
  readonly #clock: Clock;
  readonly #onOver: () => void;
  readonly #onHeldUp: () => void;
  #deadline: number | undefined;
  #timer: Timer | undefined;
  #isOver = false;

  /** @param options `onHeldUp`: nobody looked while the time ran out, so that it runs anew */
  constructor(options: { readonly clock: Clock; readonly onOver: () => void; readonly onHeldUp: () => void }) {
    this.#clock = options.clock;
    this.#onOver = options.onOver;
    this.#onHeldUp = options.onHeldUp;
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

  /** Whoever looks has only now begun to: a page that was frozen has not looked. */
  refresh(): void {
    if (this.#deadline !== undefined) this.restart();
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
      if (this.#clock.now() > at + heldUpMs) {
        this.restart();
        this.#onHeldUp();
        return;
      }
      this.#deadline = undefined;
      this.#isOver = true;
      this.#onOver();
    });
  }
}
