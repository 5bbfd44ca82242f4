import type { Clock, Timer } from '@proxim/protocol';

/** How far this phone's clock and the computer's may be apart at the session's end; the computer has the first word. */
const slackMs = 3000;

/** When the phone's session is over, as far as it was told: nobody may be left to say so. */
export class MobileDeadline {
  readonly #clock: Clock;
  readonly #onOver: () => void;
  #expiresAt: number | null = null;
  #timer: Timer | undefined;

  constructor(options: { readonly clock: Clock; readonly onOver: () => void }) {
    this.#clock = options.clock;
    this.#onOver = options.onOver;
  }

  /** In milliseconds of the clock; null when it does not end by time. */
  get expiresAt(): number | null {
    return this.#expiresAt;
  }

  get isOver(): boolean {
    return this.#expiresAt !== null && this.#clock.now() >= this.#expiresAt;
  }

  /** @param seconds how long the session still lives; null when it does not end by time */
  onTold(seconds: number | null): void {
    this.stop();
    this.#expiresAt = seconds === null ? null : this.#clock.now() + seconds * 1000;
    if (seconds !== null) this.#timer = this.#clock.setTimer(seconds * 1000 + slackMs, this.#onOver);
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
