import type { Clock, Timer } from '@proxim/protocol';

/** How far this phone's clock and the computer's may be apart at the session's end; the computer has the first word. */
const slackMs = 3000;
/** The longest life that a session can have. A server that tells of more is not believed, and no timer takes any time. */
const maxSeconds = 2_000_000;

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
    if (seconds === null) {
      this.#expiresAt = null;
      return;
    }
    const ms = Math.min(seconds, maxSeconds) * 1000;
    this.#expiresAt = this.#clock.now() + ms;
    this.#timer = this.#clock.setTimer(ms + slackMs, this.#onOver);
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
