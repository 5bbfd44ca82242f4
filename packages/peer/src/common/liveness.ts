import type { Clock, Timer } from '@proxim/protocol';

import { aliveEveryMs, lostAfterMs } from './session-channel.js';

/** Says that we are there, and notices when the other side falls silent or is heard again. */
export class Liveness {
  readonly #clock: Clock;
  readonly #say: () => void;
  readonly #onChange: (isAlive: boolean) => void;
  #sayTimer: Timer | undefined;
  #lostTimer: Timer | undefined;
  #alive = true;

  constructor(options: {
    readonly clock: Clock;
    readonly say: () => void;
    readonly onChange: (isAlive: boolean) => void;
  }) {
    this.#clock = options.clock;
    this.#say = options.say;
    this.#onChange = options.onChange;
  }

  start(): void {
    this.#sayAgain();
    this.heard();
  }

  /** Anything that the other side sent, on any channel. */
  heard(): void {
    this.#lostTimer?.cancel();
    this.#lostTimer = this.#clock.setTimer(lostAfterMs, () => {
      this.#alive = false;
      this.#onChange(false);
    });
    if (this.#alive) return;
    this.#alive = true;
    this.#onChange(true);
  }

  stop(): void {
    this.#sayTimer?.cancel();
    this.#lostTimer?.cancel();
  }

  #sayAgain(): void {
    this.#say();
    this.#sayTimer = this.#clock.setTimer(aliveEveryMs, () => {
      this.#sayAgain();
    });
  }
}
