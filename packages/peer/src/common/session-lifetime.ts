import { type Clock, oneTimeConnectSeconds, type SessionType, type Timer } from '@proxim/protocol';

/** When a session ends by itself: the desktop's own clock decides, since a relay could lie about the time. */
export class SessionLifetime {
  readonly #clock: Clock;
  readonly #isOneTime: boolean;
  readonly #handlers: { onExpired(): void; onNeverConnected(): void };
  /** When it ends by time; for `one_time`, when it ends unless a phone is let in before. */
  readonly #endsAt: number | null;
  #expiresAt: number | null;
  #timer: Timer | undefined;

  /** @param options `ttlSeconds`: null for a session that has no end */
  constructor(options: {
    readonly clock: Clock;
    readonly sessionType: SessionType;
    readonly ttlSeconds: number | null;
    readonly handlers: { onExpired(): void; onNeverConnected(): void };
  }) {
    const { clock, sessionType, ttlSeconds } = options;
    this.#clock = clock;
    this.#isOneTime = sessionType === 'one_time';
    this.#handlers = options.handlers;
    this.#endsAt = ttlSeconds === null ? null : clock.now() + ttlSeconds * 1000;
    this.#expiresAt = this.#endsAt;
    this.#startExpiry();
  }

  /** In milliseconds of the clock; null when it does not end by time. */
  get expiresAt(): number | null {
    return this.#expiresAt;
  }

  /** Whole seconds that are left, at least one; null when it does not end by time. */
  get secondsLeft(): number | null {
    return this.#expiresAt === null ? null : Math.max(1, Math.ceil((this.#expiresAt - this.#clock.now()) / 1000));
  }

  /** A phone was let in: a one-time session lives as long as its direct connection, which has to open soon. */
  onPaired(): void {
    if (!this.#isOneTime) return;
    this.#timer?.cancel();
    this.#expiresAt = null;
    this.#timer = this.#clock.setTimer(oneTimeConnectSeconds * 1000, () => {
      this.#handlers.onNeverConnected();
    });
  }

  onConnected(): void {
    if (this.#isOneTime) this.#timer?.cancel();
  }

  /** The approval reached nobody: the session is as open as before. */
  onWithdrawn(): void {
    if (!this.#isOneTime) return;
    this.#timer?.cancel();
    this.#expiresAt = this.#endsAt;
    this.#startExpiry();
  }

  end(): void {
    this.#timer?.cancel();
  }

  #startExpiry(): void {
    if (this.#expiresAt === null) return;
    this.#timer = this.#clock.setTimer(Math.max(0, this.#expiresAt - this.#clock.now()), () => {
      this.#handlers.onExpired();
    });
  }
}
