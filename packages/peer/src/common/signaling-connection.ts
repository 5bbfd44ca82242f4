import {
  type ClientMessage,
  closeCodes,
  type Clock,
  parseServerMessage,
  type ServerMessage,
  type Timer,
} from '@proxim/protocol';

import { backoffMs } from './backoff.js';
import type { OpenWebSocket, WebSocketHandle } from './websocket-like.js';

const pingEveryMs = 15_000;
const pongWithinMs = 10_000;
/** The same where something else has shown already that the way may be gone. */
const doubtedPongWithinMs = 3000;
const openWithinMs = 10_000;
/** A socket that stays open for less is no success: a server that takes sockets and drops them is not hammered at. */
const steadyAfterMs = 10_000;

/**
 * For how long what was sent on a socket that was given up may still arrive. The server takes it for a newer connection
 * of this peer then, and closes the one that is in use.
 */
const ghostMs = 60_000;

export interface SignalingHandlers {
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  /** The socket is down. `code` is the close code; `attempts` counts the failed ones since it was last open. */
  onDown(code: number, attempts: number): void;
}

/** A WebSocket to the signaling server that comes back by itself until it is stopped. */
export class SignalingConnection {
  readonly #url: string;
  readonly #open: OpenWebSocket;
  readonly #clock: Clock;
  readonly #fraction: () => number;
  readonly #handlers: SignalingHandlers;
  #socket: WebSocketHandle | undefined;
  #timer: Timer | undefined;
  /** Sockets that failed since one was last open. */
  #attempts = 0;
  /** The same since one was last open for a while: how far the waits have grown. */
  #waits = 0;
  #openedAt: number | undefined;
  #running = false;
  #awaitsPong = false;
  /** Whether the answer to a ping is wanted sooner than usual. */
  #isDoubted = false;
  #notBeforeMs = 0;
  #droppedAt = Number.NEGATIVE_INFINITY;

  constructor(options: {
    readonly url: string;
    readonly openWebSocket: OpenWebSocket;
    readonly clock: Clock;
    /** Random, in [0, 1). */
    readonly fraction: () => number;
    readonly handlers: SignalingHandlers;
  }) {
    this.#url = options.url;
    this.#open = options.openWebSocket;
    this.#clock = options.clock;
    this.#fraction = options.fraction;
    this.#handlers = options.handlers;
  }

  get isOpen(): boolean {
    return this.#socket?.isOpen ?? false;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempts = 0;
    this.#waits = 0;
    this.#connect();
  }

  /** Leaves on purpose: the server forgets this peer at once. */
  stop(): void {
    this.#running = false;
    this.#timer?.cancel();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(closeCodes.normal);
  }

  /** Drops the socket and does not come back: another connection of the same peer is the one that counts. */
  abandon(): void {
    this.#running = false;
    this.#timer?.cancel();
    this.#drop(closeCodes.goingAway);
  }

  /** Sends when open; false when the message went nowhere. */
  send(message: ClientMessage): boolean {
    if (!this.#socket || !this.isOpen) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** The server asked to be left alone for a while. */
  notBefore(seconds: number): void {
    this.#notBeforeMs = Math.min(seconds, 60) * 1000;
  }

  /** Something changed (the network, the page came to the front): waits no longer, and doubts an open socket. */
  wake(): void {
    if (!this.#running) return;
    if (!this.#socket) {
      this.#timer?.cancel();
      this.#connect();
    } else if (this.isOpen && !this.#isDoubted) {
      this.#isDoubted = true;
      this.#ping();
    }
  }

  #connect(): void {
    try {
      const socket: WebSocketHandle = this.#open(this.#url, ['proxim.v1'], {
        onOpen: () => {
          if (this.#socket === socket) this.#onOpen();
        },
        onText: (text) => {
          if (this.#socket === socket) this.#receive(text);
        },
        onClose: (code) => {
          if (this.#socket !== socket) return;
          this.#socket = undefined;
          this.#timer?.cancel();
          this.#retry(code === closeCodes.replaced && this.#isByGhost() ? closeCodes.heartbeatLost : code);
        },
      });
      this.#socket = socket;
    } catch {
      this.#retry(closeCodes.noStatus);
      return;
    }
    // A host that swallows packets keeps a browser waiting for minutes.
    this.#timer = this.#clock.setTimer(openWithinMs, () => {
      this.#drop(closeCodes.noStatus);
      this.#retry(closeCodes.noStatus);
    });
  }

  #onOpen(): void {
    this.#attempts = 0;
    this.#openedAt = this.#clock.now();
    this.#notBeforeMs = 0;
    this.#schedulePing();
    this.#handlers.onOpen();
  }

  #receive(text: string): void {
    const parsed = parseServerMessage(text);
    if (!parsed.ok) return;
    if (this.#awaitsPong) this.#schedulePing();
    if (parsed.value.type !== 'pong') this.#handlers.onMessage(parsed.value);
  }

  #schedulePing(): void {
    this.#awaitsPong = false;
    this.#isDoubted = false;
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(pingEveryMs, () => {
      this.#ping();
    });
  }

  #ping(): void {
    this.#awaitsPong = true;
    this.send({ type: 'ping' });
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(this.#isDoubted ? doubtedPongWithinMs : pongWithinMs, () => {
      this.#drop(closeCodes.heartbeatLost);
      this.#retry(closeCodes.heartbeatLost);
    });
  }

  /** Whether what took this socket's place may be one of our own, once. */
  #isByGhost(): boolean {
    const isByGhost = this.#clock.now() - this.#droppedAt < ghostMs;
    this.#droppedAt = Number.NEGATIVE_INFINITY;
    return isByGhost;
  }

  #drop(code: number): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#droppedAt = this.#clock.now();
    // A page may close with 1000 or a code of its own alone; 4002 tells the server that this peer was lost, not left.
    socket?.close(code >= 4000 ? code : closeCodes.heartbeatLost);
  }

  #retry(code: number): void {
    this.#awaitsPong = false;
    this.#isDoubted = false;
    const openedAt = this.#openedAt;
    this.#openedAt = undefined;
    if (!this.#running) return;
    this.#attempts += 1;
    if (openedAt !== undefined && this.#clock.now() - openedAt >= steadyAfterMs) this.#waits = 0;
    const wait = Math.max(this.#notBeforeMs, backoffMs(this.#waits, this.#fraction()));
    this.#waits += 1;
    this.#notBeforeMs = 0;
    this.#timer = this.#clock.setTimer(wait, () => {
      this.#connect();
    });
    // Last, since whoever hears it may stop this, or try again at once.
    this.#handlers.onDown(code, this.#attempts);
  }
}
