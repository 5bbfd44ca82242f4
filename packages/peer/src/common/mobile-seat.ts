import {
  type ClientMessage,
  type Clock,
  closeCodes,
  type PairRequest,
  type PairResult,
  type PeerPayload,
  type ServerMessage,
  type ServerMessageOf,
  type SessionID,
  type Timer,
} from '@proxim/protocol';

import { endOfRejection, type MobileEnd } from './mobile-state.js';
import { ReturnWindow } from './return-window.js';
import { SignalingConnection } from './signaling-connection.js';
import type { OpenWebSocket } from './websocket-like.js';

export interface MobileSeatHandlers {
  /** The request anew: what authenticates it may be another key by now. */
  makeRequest(): PairRequest;
  onRequested(): void;
  /** The server holds this phone as the session's mobile. */
  onApproved(result: PairResult): void;
  /** It does not any more, or cannot be reached: the way back is looked for. */
  onLost(): void;
  /** The computer is there, or gone, for the server. */
  onDesktop(isThere: boolean): void;
  onSignal(payload: unknown): void;
  onEnd(reason: MobileEnd): void;
  /** Whether the computer's user approved this phone: then it looks for the way back. */
  wasApproved(): boolean;
  /** Whether the direct connection works: then there is no hurry, and no error of the server's is the end. */
  isConnected(): boolean;
}

/** How many sockets in a row may fail before a phone that never got through says so. */
const firstAttempts = 4;
/** Requests are counted by address: in 60 s these are as many as the server's bucket holds and refills. */
const askAgainMs = 3000;
/** When these are over and the direct connection works there is no hurry, and other phones ask from this address too. */
const askAgainAtLeisureMs = 15_000;
/** What an answer may take besides the time that the computer's user has. */
const answerTravelsMs = 5000;
/** A server keeps a lost desktop's session for 60 s, and after its end there are another 60 s. */
const desktopAwayMs = 120_000;

/** The phone's seat in its session, which the server grants: asks for it, and gets it back when it was lost. */
export class MobileSeat {
  readonly #handlers: MobileSeatHandlers;
  readonly #clock: Clock;
  readonly #sessionID: SessionID;
  readonly #signaling: SignalingConnection;
  readonly #pairingTimeoutMs: number;
  readonly #window: ReturnWindow;
  #askTimer: Timer | undefined;
  /** Whether the server holds us as this session's mobile just now, and the computer is there. */
  #place: 'none' | 'alone' | 'with_desktop' = 'none';
  #hasReached = false;
  /** Whether a socket was lost after it was open: then what is missing may come back. */
  #isReturning = false;
  /** What the search ends with when it finds nothing. */
  #trouble: MobileEnd = 'unreachable';

  constructor(options: {
    readonly url: string;
    readonly sessionID: SessionID;
    readonly openWebSocket: OpenWebSocket;
    readonly clock: Clock;
    readonly fraction: () => number;
    /** How long the computer's user has for an answer. */
    readonly pairingTimeoutMs: number;
    readonly handlers: MobileSeatHandlers;
  }) {
    const { clock, handlers } = options;
    this.#handlers = handlers;
    this.#clock = clock;
    this.#sessionID = options.sessionID;
    this.#pairingTimeoutMs = options.pairingTimeoutMs;
    this.#window = new ReturnWindow({
      clock,
      onOver: () => {
        // As long as the direct connection works, the search may go on for ever.
        if (!handlers.isConnected()) handlers.onEnd(this.#trouble);
      },
      onHeldUp: () => {
        this.#signaling.wake();
      },
    });
    this.#signaling = new SignalingConnection({
      url: options.url,
      openWebSocket: options.openWebSocket,
      clock,
      fraction: options.fraction,
      handlers: {
        onOpen: () => {
          this.#hasReached = true;
          this.#request();
        },
        onMessage: (message) => {
          this.#onMessage(message);
        },
        onDown: (code, attempts) => {
          this.#onSocketDown(code, attempts);
        },
      },
    });
  }

  /** Whether what is signaled now reaches the computer, as far as the server knows. */
  get reachesDesktop(): boolean {
    return this.#place === 'with_desktop';
  }

  start(): void {
    if (this.#handlers.wasApproved()) this.#window.open();
    this.#signaling.start();
  }

  signal(payload: PeerPayload): void {
    this.#send({ type: 'signal', sessionID: this.#sessionID, payload });
  }

  /** Something changed: looks at once whether the server is there. */
  wake(): void {
    this.#window.refresh();
    this.#signaling.wake();
  }

  /** The direct connection is gone: the seat is wanted now. */
  hurry(): void {
    this.#signaling.wake();
    if (this.#place === 'with_desktop') return;
    this.#window.restart();
    if (this.#askTimer) this.#request();
  }

  /** Leaves the session, or (`replaced`) leaves the seat to the newer connection that has taken it. */
  leave(reason: MobileEnd): void {
    this.#place = 'none';
    this.#cancelAsking();
    this.#window.close();
    if (reason === 'replaced') this.#signaling.abandon();
    else this.#signaling.stop();
  }

  #send(message: ClientMessage): void {
    this.#signaling.send(message);
  }

  #request(): void {
    this.#cancelAsking();
    this.#send(this.#handlers.makeRequest());
    // Silence may now mean that the user is asked.
    this.#window.extend(this.#pairingTimeoutMs + answerTravelsMs);
    this.#handlers.onRequested();
  }

  #askAgain(trouble: MobileEnd): void {
    this.#trouble = trouble;
    this.#window.open();
    this.#cancelAsking();
    this.#askTimer = this.#clock.setTimer(this.#window.isOver ? askAgainAtLeisureMs : askAgainMs, () => {
      this.#request();
    });
  }

  #cancelAsking(): void {
    this.#askTimer?.cancel();
    this.#askTimer = undefined;
  }

  #lose(): void {
    if (this.#place === 'none') return;
    this.#place = 'none';
    this.#handlers.onLost();
  }

  #onMessage(message: ServerMessage): void {
    switch (message.type) {
      case 'pair_result':
        this.#onResult(message);
        break;
      case 'signal':
        this.#handlers.onSignal(message.payload);
        break;
      case 'peer_state':
        this.#onDesktop(message.state === 'connected');
        break;
      case 'session_closed':
        this.#onSessionClosed(message);
        break;
      case 'error':
        this.#onError(message);
        break;
      case 'pair_prompt':
      case 'pair_cancel':
      case 'session_created':
      case 'pong':
        break;
      default:
        message satisfies never;
    }
  }

  #onResult(result: PairResult): void {
    if (result.status === 'approved') {
      this.#cancelAsking();
      this.#window.close();
      this.#isReturning = false;
      this.#place = 'with_desktop';
      this.#handlers.onApproved(result);
      return;
    }
    const { reason } = result;
    // A phone that is known waits for what the server says of the session itself.
    if (this.#handlers.wasApproved() && (reason === 'server_shutdown' || reason === 'desktop_left')) {
      this.#trouble = reason;
      this.#window.open();
    } else this.#handlers.onEnd(endOfRejection(reason));
  }

  #onDesktop(isThere: boolean): void {
    if (this.#place === 'none') return;
    this.#place = isThere ? 'with_desktop' : 'alone';
    if (isThere) this.#window.close();
    else {
      this.#trouble = 'desktop_away';
      this.#window.open(desktopAwayMs);
    }
    this.#handlers.onDesktop(isThere);
  }

  #onSessionClosed({ reason, reconnectAfterSeconds }: ServerMessageOf<'session_closed'>): void {
    switch (reason) {
      case 'desktop_lost':
      case 'server_shutdown':
        if (!this.#handlers.wasApproved()) {
          this.#handlers.onEnd(reason);
          return;
        }
        if (reconnectAfterSeconds !== undefined) this.#signaling.notBefore(reconnectAfterSeconds);
        this.#lose();
        this.#askAgain(reason);
        break;
      case 'expired':
      case 'closed_by_desktop':
      case 'too_many_attempts':
        this.#handlers.onEnd(reason);
        break;
      default:
        this.#handlers.onEnd('closed_by_desktop');
    }
  }

  #onError({ code, replyTo }: ServerMessageOf<'error'>): void {
    if (replyTo !== undefined && replyTo !== 'pair_request') return;
    if (replyTo === undefined && this.#place !== 'none') return;
    const isKnown = this.#handlers.wasApproved();
    switch (code) {
      case 'session_not_found':
        this.#refused('session_not_found', isKnown || this.#isReturning);
        break;
      case 'peer_unavailable':
        this.#refused('desktop_away', true);
        break;
      case 'shutting_down':
        this.#refused('server_shutdown', true);
        break;
      case 'rate_limited':
      case 'session_busy':
      case 'capacity':
        this.#refused(code, isKnown);
        break;
      default:
        if (replyTo === 'pair_request') this.#refused('rejected', this.#handlers.isConnected());
    }
  }

  #refused(reason: MobileEnd, mayPass: boolean): void {
    if (mayPass) this.#askAgain(reason);
    else this.#handlers.onEnd(reason);
  }

  #onSocketDown(code: number, attempts: number): void {
    this.#cancelAsking();
    if (code === closeCodes.replaced) {
      this.#handlers.onEnd('replaced');
      return;
    }
    this.#trouble = 'unreachable';
    const isKnown = this.#handlers.wasApproved();
    if (!this.#hasReached && !isKnown) {
      if (attempts >= firstAttempts) this.#handlers.onEnd('unreachable');
      return;
    }
    this.#isReturning = true;
    // Whoever had the seat until now begins to search, whatever was missing before.
    if (this.#place === 'none') this.#window.open();
    else this.#window.restart();
    this.#lose();
  }
}
