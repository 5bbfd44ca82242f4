import type { Clock, SessionID } from '@proxim/protocol';

import { tellCandidate } from './screen-candidates.js';
import type {
  ScreenCommand,
  ScreenEnd,
  ScreenEvent,
  WindowCandidate,
  WindowIceServer,
  WindowScreen,
} from './screen-protocol.js';

/** An open window that can capture the screen. */
export interface ScreenWindow {
  readonly send: (event: ScreenEvent) => void;
}

/** Why a phone does not see the screen, or not any more. */
export type ScreenReason =
  | ScreenEnd
  /** This phone may not. */
  | 'not_allowed'
  | 'paused'
  /** No window is open that could capture the screen. */
  | 'no_window'
  /** It asks again and again. */
  | 'too_often'
  /** The window that captured it was closed. */
  | 'window_closed'
  /** The connection to the phone was lost or replaced. */
  | 'interrupted';

/** What a phone is told about its wish. */
export interface ScreenViewer {
  readonly sharing: () => void;
  readonly offer: (sdp: string, iceServers: readonly WindowIceServer[]) => void;
  readonly candidate: (candidate: WindowCandidate) => void;
  /** It is over. `wasSeen`: whether a window had begun to share. */
  readonly over: (reason: ScreenReason, wasSeen: boolean) => void;
}

export interface ScreenWish {
  readonly sessionID: SessionID;
  readonly maxWidth: number;
  readonly maxHeight: number;
}

interface Share extends ScreenWish {
  readonly viewer: ScreenViewer;
  readonly iceServers: readonly WindowIceServer[];
  /** The window that captures for it; undefined while the user has not chosen. */
  window: ScreenWindow | undefined;
  isAnswered: boolean;
  /** How many candidates went each way. */
  toPhone: number;
  toWindow: number;
}

/** After "Not now" the same phone is turned down for so long without asking the user again. */
const quietAfterDeclineMs = 10_000;
/** More wishes of one phone in so long a time do not reach the user. */
const maxAsks = 10;
const asksWithinMs = 10_000;
/** Far more than a browser has. */
const maxCandidates = 64;

/** Which phones see the screen, and which window captures it for each: a share of its own for every phone. */
export class ScreenSharing {
  readonly #clock: Clock;
  readonly #addresses: () => readonly string[];
  readonly #iceServers: (sessionID: SessionID) => readonly WindowIceServer[];
  readonly #onChange: (what: 'windows' | 'shares') => void;
  readonly #onNews: (sessionID: SessionID, what: 'screen_asked' | 'screen_shared' | 'screen_ended') => void;
  readonly #windows = new Set<ScreenWindow>();
  readonly #shares = new Map<number, Share>();
  readonly #declinedAt = new Map<SessionID, number>();
  readonly #asks = new Map<SessionID, readonly number[]>();
  #lastShare = 0;

  /** @param options `addresses`: this machine's own that a phone might reach */
  constructor(options: {
    readonly clock: Clock;
    readonly addresses: () => readonly string[];
    readonly iceServers: (sessionID: SessionID) => readonly WindowIceServer[];
    readonly onChange: (what: 'windows' | 'shares') => void;
    /** For the run's log. */
    readonly onNews: (sessionID: SessionID, what: 'screen_asked' | 'screen_shared' | 'screen_ended') => void;
  }) {
    this.#clock = options.clock;
    this.#addresses = options.addresses;
    this.#iceServers = options.iceServers;
    this.#onChange = options.onChange;
    this.#onNews = options.onNews;
  }

  /** Whether some window could capture the screen. */
  get isPossible(): boolean {
    return this.#windows.size > 0;
  }

  addWindow(window: ScreenWindow): void {
    this.#windows.add(window);
    if (this.#windows.size === 1) this.#onChange('windows');
  }

  /** A window is gone, and with it what it captured. */
  removeWindow(window: ScreenWindow): void {
    if (!this.#windows.delete(window)) return;
    for (const [share, { window: owner }] of this.#shares) {
      if (owner === window) this.#over(share, 'window_closed');
      else if (!owner && !this.isPossible) this.#over(share, 'no_window');
    }
    if (!this.isPossible) this.#onChange('windows');
  }

  /** What the windows show of a session; null when its phone neither sees nor asks. */
  of(sessionID: SessionID): WindowScreen | null {
    for (const [share, { sessionID: of, window, maxWidth, maxHeight, iceServers }] of this.#shares) {
      if (of === sessionID) return { share, step: window ? 'shared' : 'asked', maxWidth, maxHeight, iceServers };
    }
    return null;
  }

  /** A phone that may see the screen wants to. The share's number, or why the user is not even asked. */
  ask(wish: ScreenWish, viewer: ScreenViewer): number | 'no_window' | 'declined' | 'too_often' {
    if (!this.isPossible) return 'no_window';
    const now = this.#clock.now();
    const declinedAt = this.#declinedAt.get(wish.sessionID);
    if (declinedAt !== undefined && now - declinedAt < quietAfterDeclineMs) return 'declined';
    const asks = (this.#asks.get(wish.sessionID) ?? []).filter((at) => now - at < asksWithinMs);
    if (asks.length >= maxAsks) return 'too_often';
    this.#asks.set(wish.sessionID, [...asks, now]);
    this.#lastShare += 1;
    const iceServers = this.#iceServers(wish.sessionID);
    this.#shares.set(this.#lastShare, {
      ...wish,
      viewer,
      iceServers,
      window: undefined,
      isAnswered: false,
      toPhone: 0,
      toWindow: 0,
    });
    this.#onNews(wish.sessionID, 'screen_asked');
    this.#onChange('shares');
    return this.#lastShare;
  }

  /** The phone's answer to the offer; only the first counts. */
  answer(share: number, sdp: string): void {
    const found = this.#shares.get(share);
    if (!found?.window || found.isAnswered) return;
    found.isAnswered = true;
    found.window.send({ event: 'screen_answer', share, sdp });
  }

  /** One of the phone's candidates. */
  phoneCandidate(share: number, { candidate, sdpMid, sdpMLineIndex }: WindowCandidate): void {
    const found = this.#shares.get(share);
    if (!found?.window || found.toWindow === maxCandidates) return;
    found.toWindow += 1;
    found.window.send({ event: 'screen_candidate', share, candidate, sdpMid, sdpMLineIndex });
  }

  /** The phone does not look any more, or may not: the window that captures for it stops. Its viewer is told nothing. */
  end(share: number): void {
    const found = this.#shares.get(share);
    if (!found) return;
    this.#shares.delete(share);
    if (found.window) this.#onNews(found.sessionID, 'screen_ended');
    this.#onChange('shares');
  }

  /** Carries out what a window says. What it says of a share that is over, or another window's, changes nothing. */
  carryOut(window: ScreenWindow, command: ScreenCommand): void {
    const share = this.#shares.get(command.share);
    if (!share || !this.#windows.has(window)) return;
    switch (command.command) {
      case 'screen_choose':
        if (share.window) this.turnDown(window, command.share);
        break;
      case 'screen_offer':
        if (share.window === window) break;
        if (share.window) {
          this.turnDown(window, command.share);
          break;
        }
        share.window = window;
        share.viewer.sharing();
        share.viewer.offer(command.sdp, share.iceServers);
        this.#onNews(share.sessionID, 'screen_shared');
        this.#onChange('shares');
        break;
      case 'screen_candidate':
        if (share.window === window) this.#tell(share, command);
        break;
      case 'screen_stop':
        // The button to stop it stands in every window.
        if (command.reason === 'declined') this.#declinedAt.set(share.sessionID, this.#clock.now());
        this.#over(command.share, command.reason);
        break;
      default:
        command satisfies never;
    }
  }

  /** What is chosen in a window is not taken. The question stays open. */
  turnDown(window: ScreenWindow, share: number): void {
    window.send({ event: 'screen_not_taken', share });
  }

  /** The session is no more. */
  forget(sessionID: SessionID): void {
    this.#declinedAt.delete(sessionID);
    this.#asks.delete(sessionID);
  }

  #tell(share: Share, { candidate, sdpMid, sdpMLineIndex }: WindowCandidate): void {
    for (const told of tellCandidate(candidate, this.#addresses())) {
      if (share.toPhone === maxCandidates) return;
      share.toPhone += 1;
      share.viewer.candidate({ candidate: told, sdpMid, sdpMLineIndex });
    }
  }

  #over(share: number, reason: ScreenReason): void {
    const found = this.#shares.get(share);
    if (!found) return;
    this.end(share);
    found.viewer.over(reason, found.window !== undefined);
  }
}
