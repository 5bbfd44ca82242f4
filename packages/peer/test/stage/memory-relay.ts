import {
  type ClientMessage,
  type ConnectionID,
  isDeliberateClose,
  openSession,
  parseClientMessage,
  type PromptID,
  type ServerMessage,
  type SessionEvent,
  type SessionID,
  type SessionState,
  type Timer,
  transition,
} from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';

import type { OpenWebSocket, WebSocketHandle, WebSocketHandlers } from '../../src/common/websocket-like.js';

const rules = { pairingTimeoutSeconds: 40, sessionTtlSeconds: 900, desktopGraceSeconds: 60, maxAttempts: 5 };

interface Entry {
  state: SessionState;
  readonly timers: Map<string, Timer>;
}

/** A frame on its way; a lie is another one in its place, or none. */
export type Lie = (frame: string, to: 'desktop' | 'phone') => string | undefined;

class RelaySocket implements WebSocketHandle {
  readonly id: ConnectionID;
  readonly handlers: WebSocketHandlers;
  readonly #relay: MemoryRelay;
  isOpen = false;
  role: 'desktop' | 'phone' = 'phone';
  #isOver = false;

  constructor(id: ConnectionID, relay: MemoryRelay, handlers: WebSocketHandlers) {
    this.id = id;
    this.handlers = handlers;
    this.#relay = relay;
  }

  send(text: string): void {
    queueMicrotask(() => {
      if (!this.#isOver) this.#relay.onFrame(this, text);
    });
  }

  close(code: number): void {
    queueMicrotask(() => {
      this.end(code);
    });
  }

  deliver(frame: string): void {
    queueMicrotask(() => {
      if (!this.#isOver) this.handlers.onText(frame);
    });
  }

  end(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.isOpen = false;
    this.#relay.onEnd(this, code);
    this.handlers.onClose(code);
  }
}

/** The server's own logic without its sockets, on a clock of its own, and only as honest as a test wants it. */
export class MemoryRelay {
  readonly clock = new ManualClock();
  /** Changes, or swallows, what the server says. */
  lie: Lie = (frame) => frame;
  /** What a peer says and nobody hears. */
  ignores: (frame: string) => boolean = () => false;
  readonly #sockets = new Map<ConnectionID, RelaySocket>();
  readonly #sessions = new Map<SessionID, Entry>();
  #isUp = true;
  #next = 0;

  readonly open: OpenWebSocket = (_url, _subprotocols, handlers) => {
    this.#next += 1;
    const socket = new RelaySocket(`c${this.#next}` as ConnectionID, this, handlers);
    queueMicrotask(() => {
      if (!this.#isUp) {
        socket.end(1006);
        return;
      }
      this.#sockets.set(socket.id, socket);
      socket.isOpen = true;
      handlers.onOpen();
    });
    return socket;
  };

  get sessions(): number {
    return this.#sessions.size;
  }

  /** Loses the sockets of one peer, or of both. */
  dropSockets(of?: 'desktop' | 'phone', code = 1006): void {
    for (const socket of [...this.#sockets.values()]) if (of === undefined || socket.role === of) socket.end(code);
  }

  /** The process dies, and all that it knew. */
  kill(): void {
    this.#isUp = false;
    for (const { timers } of this.#sessions.values()) for (const timer of timers.values()) timer.cancel();
    this.#sessions.clear();
    this.dropSockets();
  }

  /** The process ends in good order. */
  shutDown(): void {
    for (const sessionID of [...this.#sessions.keys()]) {
      this.#happens(sessionID, { type: 'server_stopping', reconnectAfterSeconds: 1 });
    }
    this.#isUp = false;
    queueMicrotask(() => {
      this.dropSockets(undefined, 1001);
    });
  }

  restart(): void {
    this.#isUp = true;
  }

  /** Says something of its own accord. */
  say(to: 'desktop' | 'phone', message: object): void {
    for (const socket of this.#sockets.values()) if (socket.role === to) socket.deliver(JSON.stringify(message));
  }

  onFrame(socket: RelaySocket, text: string): void {
    if (this.ignores(text)) return;
    const parsed = parseClientMessage(text);
    if (!parsed.ok) throw new Error(`a peer sent ${text}`);
    const message = parsed.value;
    if (message.type === 'ping') {
      this.#send(socket.id, { type: 'pong' });
      return;
    }
    if (message.type === 'session_create') {
      socket.role = 'desktop';
      this.#create(socket.id, message);
      return;
    }
    const event = this.#eventOf(socket.id, message);
    if (!this.#sessions.has(message.sessionID)) {
      const { type, sessionID } = message;
      this.#send(socket.id, { type: 'error', code: 'session_not_found', message: '-', replyTo: type, sessionID });
      return;
    }
    this.#happens(message.sessionID, event, text);
  }

  onEnd(socket: RelaySocket, code: number): void {
    if (!this.#sockets.delete(socket.id)) return;
    const end = isDeliberateClose(code) ? 'left' : 'lost';
    for (const sessionID of [...this.#sessions.keys()]) {
      this.#happens(sessionID, { type: 'connection_ended', now: this.clock.now(), connection: socket.id, end });
    }
  }

  #eventOf(
    connection: ConnectionID,
    message: Exclude<ClientMessage, { type: 'ping' | 'session_create' }>,
  ): SessionEvent {
    const now = this.clock.now();
    switch (message.type) {
      case 'pair_request': {
        this.#next += 1;
        const { peerToken: token, deviceInfo, auth } = message;
        const promptID = `p${this.#next}` as PromptID;
        return { type: 'pair_requested', now, connection, token, deviceInfo, auth, limited: false, promptID };
      }
      case 'pair_response': {
        const { approved, promptID, reason } = message;
        return { type: 'pair_responded', now, connection, approved, promptID, reason };
      }
      case 'signal':
        return { type: 'signal_sent', connection, asked: true };
      case 'session_close':
        return { type: 'close_requested', connection };
      default:
        return message satisfies never;
    }
  }

  #create(connection: ConnectionID, message: Extract<ClientMessage, { type: 'session_create' }>): void {
    const { sessionID, uuid, sessionType = 'temporary', ttlSeconds, peerToken } = message;
    if (this.#sessions.has(sessionID)) {
      this.#happens(sessionID, { type: 'desktop_returned', now: this.clock.now(), connection, token: peerToken });
      return;
    }
    const facts = { sessionID, uuid, sessionType, desktopToken: peerToken ?? null };
    const opened = openSession({ now: this.clock.now(), connection, facts, ttlSeconds }, rules);
    const entry: Entry = { state: opened.state, timers: new Map() };
    this.#sessions.set(sessionID, entry);
    this.#carryOut(sessionID, entry, opened.effects);
  }

  #happens(sessionID: SessionID, event: SessionEvent, frame?: string): void {
    const entry = this.#sessions.get(sessionID);
    if (!entry) return;
    const { state, effects } = transition(entry.state, event, rules);
    entry.state = state;
    this.#carryOut(sessionID, entry, effects, frame);
  }

  #carryOut(
    sessionID: SessionID,
    entry: Entry,
    effects: ReturnType<typeof transition>['effects'],
    frame?: string,
  ): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.#send(effect.to, effect.message);
          break;
        case 'relay':
          if (frame !== undefined) this.#deliver(effect.to, frame);
          break;
        case 'seat':
          break;
        case 'replace':
          this.#sockets.get(effect.connection)?.end(4000);
          break;
        case 'start_timer': {
          const { timer, generation, seconds } = effect;
          const running = this.clock.setTimer(seconds * 1000, () => {
            this.#happens(sessionID, { type: 'timer_fired', timer, generation });
          });
          entry.timers.set(timer, running);
          break;
        }
        case 'stop_timer':
          entry.timers.get(effect.timer)?.cancel();
          break;
        case 'forget':
          for (const timer of entry.timers.values()) timer.cancel();
          this.#sessions.delete(sessionID);
          break;
        default:
          effect satisfies never;
      }
    }
  }

  #send(to: ConnectionID, message: ServerMessage): void {
    this.#deliver(to, JSON.stringify(message));
  }

  #deliver(to: ConnectionID, frame: string): void {
    const socket = this.#sockets.get(to);
    const said = socket && this.lie(frame, socket.role);
    if (said !== undefined) socket?.deliver(said);
  }
}
