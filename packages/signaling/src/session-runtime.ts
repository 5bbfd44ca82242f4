import {
  type Clock,
  type ConnectionID,
  type IceServer,
  type Limits,
  openSession,
  relayTarget,
  type ServerMessage,
  type SessionEffect,
  type SessionEvent,
  type SessionFacts,
  type SessionID,
  type SessionState,
  type SessionTimer,
  type Timer,
  transition,
} from '@proxim/protocol';

import type { Bus, Delivery, Eventually } from './bus/bus.js';
import { tellTransition } from './observed-session.js';
import type { ServerObserver } from './observer.js';

/** A live session in this node's memory: the state, and the timers that its effects asked for. */
interface Entry {
  state: SessionState;
  /** One or two of the few that there are: no map. */
  readonly timers: Partial<Record<SessionTimer, Timer | undefined>>;
  /** Who was ever seated here: they are told when the session is gone. */
  seated: readonly ConnectionID[];
  /** When the phone asked whose request was the last, in milliseconds of the clock. */
  askedAt: number;
}

const unseat = (entry: Entry, connection: ConnectionID): void => {
  entry.seated = entry.seated.filter((each) => each !== connection);
};

type IceServersFor = (sessionID: SessionID, expiresInSeconds: number | null) => readonly IceServer[];

/** What `create` came to. */
export type CreateOutcome = 'created' | 'exists' | 'full';

/** Owns sessions: turns events into transitions, and carries out what these ask for. Soft state, in memory alone. */
export class SessionRuntime {
  readonly #clock: Clock;
  readonly #bus: Bus;
  readonly #limits: Limits;
  readonly #iceServers: IceServersFor;
  readonly #observer: ServerObserver;
  readonly #sessions = new Map<SessionID, Entry>();
  #stopped = false;

  constructor(options: {
    readonly clock: Clock;
    readonly bus: Bus;
    readonly limits: Limits;
    readonly iceServers: IceServersFor;
    readonly observer: ServerObserver;
  }) {
    this.#clock = options.clock;
    this.#bus = options.bus;
    this.#limits = options.limits;
    this.#iceServers = options.iceServers;
    this.#observer = options.observer;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Opens a session with this connection as its desktop, unless its name is taken. */
  create(creation: {
    readonly connection: ConnectionID;
    readonly facts: SessionFacts;
    readonly ttlSeconds: number | undefined;
  }): Eventually<CreateOutcome> {
    const { sessionID } = creation.facts;
    const open = (claimed: boolean): CreateOutcome => {
      if (!claimed) return 'exists';
      // Only now: a desktop that comes back to its session needs no room for another.
      if (this.#stopped || this.#sessions.size >= this.#limits.maxSessions) {
        this.#bus.release(sessionID);
        return 'full';
      }
      const opened = openSession({ now: this.#clock.now(), ...creation }, this.#limits);
      const entry: Entry = { state: opened.state, timers: {}, seated: [], askedAt: 0 };
      this.#sessions.set(sessionID, entry);
      this.#observer.sessionOpened();
      this.#carryOut(sessionID, entry, opened.effects, undefined);
      return 'created';
    };
    const claimed = this.#bus.claim(sessionID, {
      deliver: (delivery) => {
        this.#deliver(sessionID, delivery);
      },
      superseded: () => {
        this.#superseded(sessionID);
      },
    });
    return typeof claimed === 'boolean' ? open(claimed) : claimed.then(open);
  }

  /** Where a signal of this connection is to be relayed; undefined where its event says what comes of it. */
  relayTarget(sessionID: SessionID, from: ConnectionID): ConnectionID | undefined {
    const entry = this.#sessions.get(sessionID);
    return entry && relayTarget(entry.state, from);
  }

  /** The sender's own frame goes on to the other peer, byte for byte. */
  relay(to: ConnectionID, frame: Uint8Array): void {
    this.#bus.toConnection(to, { type: 'send', frame });
    this.#observer.frameRelayed(frame.byteLength);
  }

  /**
   * Ends every session: the server is going down.
   *
   * @param reconnectAfterSeconds asked once for each desktop: all sessions of its connection, and their phones, are told
   *   the same, so that what it comes to does not depend on how many they are
   */
  stop(reconnectAfterSeconds: () => number): void {
    this.#stopped = true;
    const drawn = new Map<ConnectionID, number>();
    for (const [sessionID, { state }] of [...this.#sessions]) {
      const desktop = state.status === 'closed' || state.desktop.presence === 'away' ? undefined : state.desktop;
      const seconds = (desktop && drawn.get(desktop.connection)) ?? reconnectAfterSeconds();
      if (desktop) drawn.set(desktop.connection, seconds);
      this.#deliver(sessionID, { event: { type: 'server_stopping', reconnectAfterSeconds: seconds } });
    }
  }

  #deliver(sessionID: SessionID, { event, frame }: Delivery): void {
    const entry = this.#sessions.get(sessionID);
    if (!entry) return;
    const before = entry.state;
    const to = frame && event.type === 'signal_sent' ? relayTarget(before, event.connection) : undefined;
    if (frame && to !== undefined) {
      // What the transition would come to, without the rest of it: nearly all that comes from other nodes is this.
      this.relay(to, frame);
      return;
    }
    const { state, effects } = transition(before, event, this.#limits);
    entry.state = state;
    if (state !== before) this.#tell(entry, before, event);
    if (event.type === 'connection_ended') unseat(entry, event.connection);
    this.#carryOut(sessionID, entry, effects, frame);
  }

  #tell(entry: Entry, before: SessionState, event: SessionEvent): void {
    const now = this.#clock.now();
    if (before.status === 'open' && entry.state.status === 'prompting') entry.askedAt = now;
    tellTransition(this.#observer, { before, event, after: entry.state }, { now, askedAt: entry.askedAt });
  }

  #carryOut(
    sessionID: SessionID,
    entry: Entry,
    effects: readonly SessionEffect[],
    frame: Uint8Array | undefined,
  ): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          if (effect.message.type === 'error') this.#observer.errorSent(effect.message.code);
          this.#bus.toConnection(effect.to, {
            type: 'send',
            frame: JSON.stringify(this.#withIceServers(sessionID, effect.message)),
          });
          break;
        case 'relay':
          if (frame) this.relay(effect.to, frame);
          break;
        case 'seat':
          if (!entry.seated.includes(effect.connection)) entry.seated = [...entry.seated, effect.connection];
          this.#bus.toConnection(effect.connection, {
            type: 'seat',
            sessionID,
            role: effect.role,
            known: effect.known,
          });
          break;
        case 'replace':
          unseat(entry, effect.connection);
          this.#bus.toConnection(effect.connection, { type: 'replace' });
          break;
        case 'start_timer':
          this.#startTimer(sessionID, entry, effect);
          break;
        case 'stop_timer':
          entry.timers[effect.timer]?.cancel();
          entry.timers[effect.timer] = undefined;
          break;
        case 'forget':
          this.#forget(sessionID, entry);
          break;
        default:
          effect satisfies never;
      }
    }
  }

  #startTimer(sessionID: SessionID, entry: Entry, effect: Extract<SessionEffect, { type: 'start_timer' }>): void {
    const { timer, generation, seconds } = effect;
    const running = this.#clock.setTimer(seconds * 1000, () => {
      entry.timers[timer] = undefined;
      this.#deliver(sessionID, { event: { type: 'timer_fired', timer, generation } });
    });
    entry.timers[timer] = running;
  }

  #forget(sessionID: SessionID, entry: Entry): void {
    for (const connection of entry.seated) this.#bus.toConnection(connection, { type: 'unseat', sessionID });
    this.#remove(sessionID, entry);
    this.#bus.release(sessionID);
  }

  /** The other node's session is the one that counts: whoever has a seat here is sent there. */
  #superseded(sessionID: SessionID): void {
    const entry = this.#sessions.get(sessionID);
    if (!entry) return;
    for (const connection of entry.seated) this.#bus.toConnection(connection, { type: 'owner_lost', sessionID });
    const { status } = entry.state;
    if (status === 'prompting') this.#observer.pairingEnded('superseded', this.#clock.now() - entry.askedAt);
    if (status !== 'closed') this.#observer.sessionClosed(status, 'superseded');
    this.#remove(sessionID, entry);
  }

  #remove(sessionID: SessionID, entry: Entry): void {
    for (const timer of Object.values(entry.timers)) timer?.cancel();
    this.#sessions.delete(sessionID);
  }

  /** The peers learn of STUN and TURN servers with the message that lets them begin. */
  #withIceServers(sessionID: SessionID, message: ServerMessage): ServerMessage {
    const begins =
      message.type === 'session_created' || (message.type === 'pair_result' && message.status === 'approved');
    if (!begins) return message;
    // A one-time session that is paired goes on for as long as its direct connection.
    const mayGoOn = message.type === 'session_created' && message.sessionType === 'one_time';
    const iceServers = this.#iceServers(sessionID, mayGoOn ? null : (message.expiresInSeconds ?? null));
    return iceServers.length === 0 ? message : { ...message, iceServers: [...iceServers] };
  }
}
