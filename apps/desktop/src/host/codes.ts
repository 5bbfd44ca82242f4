import type { DesktopSessionView } from '@proxim/peer';
import type { Clock, SessionID, SessionType, Timer } from '@proxim/protocol';

/** What kind of session a code is good for. */
export interface CodeKind {
  readonly sessionType: SessionType;
  readonly ttlSeconds: number;
}

/** As long as the window calls a phone lost, and not away. */
const waitForLostMs = 120_000;

export interface CodesHandlers {
  sessions(): readonly DesktopSessionView[];
  /** Whether one more phone could not be remembered. */
  isFull(): boolean;
  /** @throws ProximError as `DesktopApp.createSession` */
  create(kind: CodeKind): SessionID;
  /** The user asked for a code that lasts, and gets one for a while. */
  onTooMany(): void;
}

/** When there is a code to scan, and of which kind: what the user chose, and whenever nobody is connected. */
export class Codes {
  readonly #clock: Clock;
  readonly #renews: boolean;
  readonly #handlers: CodesHandlers;
  /** Codes that go when the server has taken the new one. */
  readonly #replaced = new Map<SessionID, readonly SessionID[]>();
  #next: CodeKind;
  #timer: Timer | undefined;
  #isStopped = false;

  /** @param options `renews`: whether a code is made by itself when none is left */
  constructor(options: {
    readonly clock: Clock;
    readonly first: CodeKind;
    readonly renews: boolean;
    readonly handlers: CodesHandlers;
  }) {
    this.#clock = options.clock;
    this.#next = options.first;
    this.#renews = options.renews;
    this.#handlers = options.handlers;
  }

  /** What the next code will be. */
  get next(): CodeKind {
    return this.#next;
  }

  /** A code of the kind that the user chose; where one more phone could not be remembered, one for a while. */
  make(): void {
    const isTooMany = this.#next.sessionType === 'persistent' && this.#handlers.isFull();
    this.#handlers.create(isTooMany ? { ...this.#next, sessionType: 'temporary' } : this.#next);
    if (isTooMany) this.#handlers.onTooMany();
  }

  /** A code of another kind in the place of those that nobody uses. @throws ProximError as `CodesHandlers.create` */
  replace(kind: CodeKind): void {
    const unused = this.#handlers.sessions().filter(({ device, prompt }) => !device && !prompt);
    this.#next = kind;
    this.#replaced.set(
      this.#handlers.create(kind),
      unused.map(({ sessionID }) => sessionID),
    );
  }

  /** The server has taken a session: the codes in whose place it stands. */
  takeReplaced(sessionID: SessionID): readonly SessionID[] {
    const replaced = this.#replaced.get(sessionID) ?? [];
    this.#replaced.delete(sessionID);
    const live = new Set(this.#handlers.sessions().map((session) => session.sessionID));
    return replaced.filter((old) => live.has(old));
  }

  /** A phone is gone: one that was lost comes back within seconds, as a rule, and one that has left does not. */
  phoneGone(isLost: boolean): void {
    this.#timer?.cancel();
    if (!isLost) this.makeIfNone();
    else {
      this.#timer = this.#clock.setTimer(waitForLostMs, () => {
        this.makeIfNone();
      });
    }
  }

  /** Phones that are away need no code, and whoever looks at the screen may want one. */
  makeIfNone(): void {
    if (!this.#renews || this.#isStopped) return;
    const isFree = ({ device, directState }: DesktopSessionView): boolean =>
      device !== undefined && directState !== 'connected';
    if (this.#handlers.sessions().every(isFree)) this.make();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }
}
