import type { Clock, Timer } from '@proxim/protocol';

import { aliveEveryMs, lostAfterMs } from './session-channel.js';

/** How long a silence may last once there is reason to doubt: two signs of life are missing then. */
const doubtedMs = 2 * aliveEveryMs + 200;

/** Says that we are there, and notices when the other side falls silent or is heard again. */
export class Liveness {
  readonly #clock: Clock;
  readonly #say: () => void;
  readonly #onChange: (isAlive: boolean) => void;
  #sayTimer: Timer | undefined;
  #lostTimer: Timer | undefined;
  #alive = true;
  #stopped = false;

  constructor(options: {
    readonly clock: Clock;
    readonly say: () => void;
    readonly onChange: (isAlive: boolean) => void;
  }) {
    this.#clock = options.clock;
    this.#say = options.say;
    this.#onChange = options.onChange;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  start(): void {
    this.#sayAgain();
    this.heard();
  }

  /** Anything that the other side sent, on any channel. */
  heard(): void {
    if (this.#stopped) return;
    this.#expectWithin(lostAfterMs);
    if (this.#alive) return;
    this.#alive = true;
    this.#onChange(true);
  }

  /** Something else of the other side is gone: unless it is heard at once, it is lost sooner than after a mere silence. */
  doubt(): void {
    if (!this.#stopped && this.#alive && this.#lostTimer) this.#expectWithin(doubtedMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#sayTimer?.cancel();
    this.#lostTimer?.cancel();
  }

  #expectWithin(ms: number): void {
    this.#lostTimer?.cancel();
    this.#lostTimer = this.#clock.setTimer(ms, () => {
      this.#alive = false;
      this.#onChange(false);
    });
  }

  #sayAgain(): void {
    this.#say();
    if (this.#stopped) return;
    this.#sayTimer = this.#clock.setTimer(aliveEveryMs, () => {
      this.#sayAgain();
    });
  }
}
