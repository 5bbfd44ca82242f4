import type { DesktopPeer, DirectPath } from '@proxim/peer';
import type { Clock, SessionID, Timer } from '@proxim/protocol';

const everyMs = 2000;

/** How the packets of the connected phones travel, asked of the engine every two seconds while anybody is connected. */
export class PathWatch {
  readonly #peer: Pick<DesktopPeer, 'sessions' | 'path'>;
  readonly #clock: Clock;
  readonly #onPaths: () => void;
  readonly #paths = new Map<SessionID, DirectPath>();
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(options: {
    readonly peer: Pick<DesktopPeer, 'sessions' | 'path'>;
    readonly clock: Clock;
    readonly onPaths: () => void;
  }) {
    this.#peer = options.peer;
    this.#clock = options.clock;
    this.#onPaths = options.onPaths;
  }

  of(sessionID: SessionID): DirectPath | undefined {
    return this.#paths.get(sessionID);
  }

  /** Somebody is connected. */
  begin(): void {
    this.#timer?.cancel();
    const connected = this.#peer.sessions.filter(({ directState }) => directState === 'connected');
    if (connected.length === 0 || this.#isStopped) return;
    const asked = connected.map(async ({ sessionID }) => {
      const path = await this.#peer.path(sessionID);
      if (path) this.#paths.set(sessionID, path);
      else this.#paths.delete(sessionID);
    });
    void Promise.all(asked).then(this.#onPaths);
    this.#timer = this.#clock.setTimer(everyMs, () => {
      this.begin();
    });
  }

  forget(sessionID: SessionID): void {
    this.#paths.delete(sessionID);
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }
}
