import { type Clock, oneTimeConnectSeconds, type SessionType, type Timer } from '@proxim/protocol';

/** How far the server's clock and ours may be apart at the end of a session: seconds are told rounded up. */
const clockSlackMs = 2000;

export interface SessionLifetimeHandlers {
  /** @param serverKnows whether the server ends the session at this time too, by itself and with the right reason */
  onExpired(serverKnows: boolean): void;
  onNeverConnected(): void;
}

/** When a session ends by itself: the desktop's own clock decides, since a relay could lie about the time. */
export class SessionLifetime {
  readonly #clock: Clock;
  readonly #isOneTime: boolean;
  readonly #handlers: SessionLifetimeHandlers;
  /** When it ends by time; for `one_time`, when it ends unless a phone is let in before. */
  readonly #endsAt: number | null;
  #expiresAt: number | null;
  /** What the server said; null when it knows of no end. */
  #serverEndsAt: number | null = null;
  #timer: Timer | undefined;

  /** @param options `ttlSeconds`: null for a session that has no end */
  constructor(options: {
    readonly clock: Clock;
    readonly sessionType: SessionType;
    readonly ttlSeconds: number | null;
    readonly handlers: SessionLifetimeHandlers;
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

  /** The server said when it will end the session. */
  onServerTells(expiresInSeconds: number | null): void {
    this.#serverEndsAt = expiresInSeconds === null ? null : this.#clock.now() + expiresInSeconds * 1000;
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
      const serverEndsAt = this.#serverEndsAt;
      this.#handlers.onExpired(serverEndsAt !== null && serverEndsAt <= this.#clock.now() + clockSlackMs);
    });
  }
}
