import { randomBytes } from 'node:crypto';

import type { Msg } from '@nats-io/transport-node';
import type { Clock, ConnectionID, SessionEvent, SessionID, Timer } from '@proxim/protocol';

import { type Log, silentLog } from '../log.js';
import { systemClock } from '../system-clock.js';
import type { Bus, ConnectionCommand, Delivery, Owner } from './bus.js';
import { ClaimGate } from './claim-gate.js';
import type { NatsPlace } from './nats-connection.js';
import { NatsLink, unavailable } from './nats-link.js';
import { decodeToNode, decodeToSession, encodeToNode, encodeToSession, type ToNode } from './nats-wire.js';
import { answers, OwnedSessions } from './owned-sessions.js';
import { RemoteSeats } from './remote-seats.js';

export interface NatsBusOptions extends NatsPlace {
  readonly clock?: Clock;
  readonly log?: Log;
  /** Unix milliseconds, which the nodes compare with each other's. */
  readonly wallClock?: () => number;
  /** How often each node says that it lives, and after how long a silence it is taken for dead, in seconds. */
  readonly aliveSeconds?: number;
  readonly deadSeconds?: number;
  /** How long an answer of another node may take, in seconds. */
  readonly answerSeconds?: number;
  /** How much may wait for a NATS that takes nothing before it counts as lost, in bytes. */
  readonly mostWaitingBytes?: number;
}

/** A bus between the nodes of a cluster. */
export interface NatsBus extends Bus {
  isConnected(): boolean;
  /** Resolves when NATS is reached for the first time. Never rejects: it is tried for ever. */
  readonly connected: Promise<void>;
  /** Lets what was said go out, and leaves. */
  close(): Promise<void>;
}

const subjectOfSession = (sessionID: SessionID): string => `proxim.session.${sessionID}`;
const subjectOfNode = (node: string): string => `proxim.node.${node}`;
const aliveSubject = 'proxim.alive';

/** What a node owns it says in parts: there may be very many, and very many nodes that say it at once. */
const saidAtOnce = 500;
const sayPauseMs = 50;

/** The node that a connection is at: its name begins with it. */
const nodeOf = (connection: ConnectionID): string => connection.slice(0, connection.indexOf('.'));

/** An event of another node, told in this one's time. */
const inOwnTime = (event: SessionEvent, now: number): SessionEvent => ('now' in event ? { ...event, now } : event);

/**
 * The bus of a cluster on NATS. Each session has a subject that its owner alone listens to, so that a request tells at once
 * when there is none; each node has one, for what is to be done to its connections. Signals between seats that are known are
 * published, everything else is asked for and answered.
 *
 * All of it is soft: when NATS or a node is gone, the seats that were shared with it are given up on both sides, at once or
 * within `deadSeconds`, and the peers ask for them anew.
 */
class NatsSessionBus implements NatsBus {
  readonly node = randomBytes(6).toString('hex');
  readonly connected: Promise<void>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #aliveMs: number;
  readonly #deadMs: number;
  readonly #link: NatsLink;
  readonly #owned: OwnedSessions;
  /** Names that are being claimed here. */
  readonly #claims = new Map<SessionID, Promise<boolean>>();
  readonly #connections = new Map<ConnectionID, (command: ConnectionCommand) => void>();
  /** Seats of our connections in sessions that others own, and of others' connections in ours. */
  readonly #held = new RemoteSeats();
  readonly #given = new RemoteSeats();
  readonly #heard = new Map<string, number>();
  /** With whom something was shared when NATS was lost, or who believes to share something since. */
  readonly #parted = new Set<string>();
  /** What was claimed of late. */
  #claimed: { readonly sessionID: SessionID; readonly since: number; readonly at: number }[] = [];
  #alive: Timer | undefined;
  /** What is still to be said of what this node owns. */
  #toSay: { readonly sessionID: SessionID; readonly since: number }[] = [];
  #saying: Timer | undefined;

  constructor(options: NatsBusOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#aliveMs = (options.aliveSeconds ?? 1) * 1000;
    this.#deadMs = (options.deadSeconds ?? 3.5) * 1000;
    this.#owned = new OwnedSessions(this.node, options.wallClock ?? Date.now);
    this.#link = new NatsLink({
      place: options,
      node: this.node,
      clock: this.#clock,
      log: this.#log,
      answerMs: (options.answerSeconds ?? 2) * 1000,
      mostWaitingBytes: options.mostWaitingBytes ?? 16 * 1024 * 1024,
      handlers: {
        onUpAgain: () => {
          this.#onUpAgain();
        },
        onDown: () => {
          this.#onDown();
        },
      },
    });
    this.connected = this.#link.connected;
    this.#link.listen(subjectOfNode(this.node), (message) => {
      this.#onNodeMessage(message);
    });
    this.#link.listen(aliveSubject, (message) => {
      this.#onAlive(message.string());
    });
    this.#sayAlive();
  }

  isConnected(): boolean {
    return this.#link.isUp;
  }

  claim(sessionID: SessionID, owner: Owner): Promise<boolean> {
    if (this.#owned.has(sessionID)) return Promise.resolve(false);
    const claimed = this.#claim(sessionID, owner);
    this.#claims.set(sessionID, claimed);
    const settle = (): void => {
      this.#claims.delete(sessionID);
    };
    claimed.then(settle, settle);
    return claimed;
  }

  async #claim(sessionID: SessionID, owner: Owner): Promise<boolean> {
    if (!this.#link.isUp) throw unavailable();
    const gate = new ClaimGate();
    const subject = subjectOfSession(sessionID);
    // What is on its way to an owner that was is answered still, lest somebody waits for it.
    const leave = this.#link.listen(subject, (message) => {
      this.#onSessionMessage(sessionID, message, gate);
    });
    let isOwner = false;
    try {
      isOwner = await this.#owned.claim(sessionID, owner, leave, {
        ask: (bid) => this.#link.askWhoeverLives(subject, encodeToSession({ kind: 'claim', bid })),
        pass: (ms) =>
          new Promise((resolve) => {
            this.#clock.setTimer(ms, resolve);
          }),
      });
    } finally {
      if (isOwner) gate.win();
      else gate.lose();
    }
    // An owner that was silent learns this way, should it have slept only, that the session is here now.
    const since = isOwner ? this.#owned.since(sessionID) : undefined;
    if (since !== undefined) {
      this.#sayOwned(sessionID, since);
      this.#claimed.push({ sessionID, since, at: this.#clock.now() });
    }
    return isOwner;
  }

  release(sessionID: SessionID): void {
    this.#owned.release(sessionID);
  }

  toOwner(sessionID: SessionID, delivery: Delivery): boolean | Promise<boolean> {
    const owner = this.#owned.get(sessionID);
    if (owner) {
      owner.deliver(delivery);
      return true;
    }
    const { event } = delivery;
    const subject = subjectOfSession(sessionID);
    const message = encodeToSession({ kind: 'deliver', delivery });
    if (event.type === 'connection_ended') {
      // Where nobody hears it, nobody remembers the seat either.
      this.#held.remove({ connection: event.connection, sessionID });
      this.#link.publish(subject, message);
      return true;
    }
    if (!this.#link.isUp) return Promise.reject(unavailable());
    if (event.type === 'signal_sent' && this.#held.has(event.connection, sessionID)) {
      // It may be larger than NATS takes.
      return this.#link.publish(subject, message) || Promise.reject(unavailable());
    }
    const claimed = this.#claims.get(sessionID);
    if (claimed) {
      // Whoever claims it here makes the session first: his promise is the same, and he has listened to it for longer.
      const again = () => this.toOwner(sessionID, delivery);
      return claimed.then(again, again);
    }
    return this.#link.ask(subject, message).then((answer) => answer === answers.yes);
  }

  isSeatedElsewhere(sessionID: SessionID, connection: ConnectionID): boolean {
    return this.#link.isUp && this.#held.has(connection, sessionID);
  }

  attach(connection: ConnectionID, execute: (command: ConnectionCommand) => void): void {
    this.#connections.set(connection, execute);
  }

  detach(connection: ConnectionID): void {
    this.#connections.delete(connection);
    this.#held.removeConnection(connection);
  }

  toConnection(connection: ConnectionID, command: ConnectionCommand): void {
    const node = nodeOf(connection);
    if (node === this.node) {
      this.#connections.get(connection)?.(command);
      return;
    }
    if (!this.#link.isUp) {
      // It does not hear this, and is told so when it can be told anything.
      this.#parted.add(node);
      return;
    }
    if (command.type === 'seat') {
      this.#given.add(node, { connection, sessionID: command.sessionID });
      this.#heard.set(node, this.#clock.now());
    } else if (command.type === 'unseat' || command.type === 'owner_lost') {
      this.#given.remove({ connection, sessionID: command.sessionID });
    } else if (command.type === 'replace') this.#given.removeConnection(connection);
    this.#tell(node, { kind: 'command', from: this.node, to: connection, command });
  }

  close(): Promise<void> {
    this.#alive?.cancel();
    this.#saying?.cancel();
    return this.#link.close();
  }

  #onDown(): void {
    for (const node of this.#partners()) {
      this.#giveUp(node);
      this.#parted.add(node);
    }
  }

  #onUpAgain(): void {
    const parted = new Set([...this.#parted, ...this.#partners()]);
    this.#parted.clear();
    for (const node of parted) {
      this.#giveUp(node);
      // Who has not missed this node, nor lost NATS itself, believes still in what was shared.
      this.#tell(node, { kind: 'parted', node: this.node });
    }
    // While it was away, a desktop may have gone to another node with its session.
    this.#sayAllOwned();
  }

  /**
   * A node that was not heard for a while, or never: the way between the NATS servers of a cluster may have been cut while
   * each node reached one, and a name have two owners. That one of the two nodes says what it owns is enough to find out.
   */
  #onAlive(node: string): void {
    if (!this.#heard.has(node) && this.node > node) this.#sayAllOwned();
    this.#heard.set(node, this.#clock.now());
  }

  #sayAllOwned(): void {
    this.#toSay = [...this.#owned.all()];
    if (!this.#saying) this.#sayMoreOwned();
  }

  #sayMoreOwned(): void {
    this.#saying = undefined;
    for (const { sessionID, since } of this.#toSay.splice(-saidAtOnce)) {
      if (this.#owned.since(sessionID) === since) this.#sayOwned(sessionID, since);
    }
    if (this.#toSay.length === 0) return;
    this.#saying = this.#clock.setTimer(sayPauseMs, () => {
      this.#sayMoreOwned();
    });
  }

  /** Whoever could not hear of a claim then, and was not missed for it, hears of it now. */
  #sayClaimed(now: number): void {
    const due = this.#claimed.findIndex(({ at }) => now - at <= this.#deadMs);
    for (const { sessionID, since } of this.#claimed.splice(0, due < 0 ? this.#claimed.length : due)) {
      if (this.#owned.since(sessionID) === since) this.#sayOwned(sessionID, since);
    }
  }

  #sayOwned(sessionID: SessionID, since: number): void {
    this.#link.publish(subjectOfSession(sessionID), encodeToSession({ kind: 'owned', node: this.node, since }));
  }

  #sayAlive(): void {
    this.#alive = this.#clock.setTimer(this.#aliveMs, () => {
      this.#link.publish(aliveSubject, new TextEncoder().encode(this.node));
      const now = this.#clock.now();
      for (const node of this.#link.isUp ? this.#partners() : []) {
        if (now - (this.#heard.get(node) ?? -Infinity) <= this.#deadMs) continue;
        this.#log.warn({ node }, 'a node is silent; what was shared with it is given up');
        this.#giveUp(node);
        this.#tell(node, { kind: 'parted', node: this.node });
      }
      // Whoever shares nothing with this node need not be remembered.
      for (const [node, at] of this.#heard) if (now - at > this.#deadMs) this.#heard.delete(node);
      this.#sayClaimed(now);
      this.#sayAlive();
    });
  }

  #partners(): ReadonlySet<string> {
    return new Set([...this.#held.nodes, ...this.#given.nodes]);
  }

  /** What was shared with a node counts no more: here as if its connections were lost, there as if the owner were. */
  #giveUp(node: string): void {
    for (const { connection, sessionID } of this.#held.takeNode(node)) {
      this.#connections.get(connection)?.({ type: 'owner_lost', sessionID });
    }
    const now = this.#clock.now();
    for (const { connection, sessionID } of this.#given.takeNode(node)) {
      this.#owned.get(sessionID)?.deliver({ event: { type: 'connection_ended', now, connection, end: 'lost' } });
    }
  }

  #onNodeMessage(raw: Msg): void {
    const message = decodeToNode(raw.data);
    switch (message.kind) {
      case 'command':
        if (this.#link.isUp) this.#onCommand(message);
        // What was shared with it counts no more, and this would be a beginning on its side alone.
        else this.#parted.add(message.from);
        break;
      case 'parted':
        this.#giveUp(message.node);
        break;
      case 'superseded':
        this.#owned.giveUp(message.sessionID);
        break;
      default:
        message satisfies never;
    }
  }

  #onCommand({ from, to, command }: Extract<ToNode, { kind: 'command' }>): void {
    const execute = this.#connections.get(to);
    if (!execute) return;
    if (command.type === 'seat') {
      // A seat that an owner before this one gave is worth nothing any more.
      this.#held.remove({ connection: to, sessionID: command.sessionID });
      this.#held.add(from, { connection: to, sessionID: command.sessionID });
      this.#heard.set(from, this.#clock.now());
    } else if (command.type === 'unseat' || command.type === 'owner_lost') {
      this.#held.remove({ connection: to, sessionID: command.sessionID });
    }
    execute(command);
  }

  #onSessionMessage(sessionID: SessionID, raw: Msg, gate: ClaimGate): void {
    const message = decodeToSession(raw.data);
    switch (message.kind) {
      case 'deliver': {
        if (!this.#link.isUp) {
          // An answer would come too late, or not at all.
          const { event } = message.delivery;
          if ('connection' in event) this.#parted.add(nodeOf(event.connection));
          break;
        }
        gate.pass(() => {
          this.#link.guard(() => {
            raw.respond(Uint8Array.of(this.#onDelivery(sessionID, message.delivery) ? answers.yes : answers.no));
          });
        });
        break;
      }
      case 'claim':
        if (this.#link.isUp) raw.respond(Uint8Array.of(this.#owned.answerClaim(sessionID, message.bid)));
        break;
      case 'owned':
        if (this.#owned.outlives(sessionID, message)) this.#tell(message.node, { kind: 'superseded', sessionID });
        else this.#owned.giveUp(sessionID);
        break;
      default:
        message satisfies never;
    }
  }

  #onDelivery(sessionID: SessionID, { event, frame }: Delivery): boolean {
    const owner = this.#owned.get(sessionID);
    if (!owner) return false;
    if (event.type === 'connection_ended') this.#given.remove({ connection: event.connection, sessionID });
    if (event.type === 'signal_sent' && event.asked && !this.#given.has(event.connection, sessionID)) {
      // It has its seat from an owner before this one, and does not know yet that that one is gone.
      this.toConnection(event.connection, { type: 'owner_lost', sessionID });
      return true;
    }
    const told = inOwnTime(event, this.#clock.now());
    owner.deliver(frame ? { event: told, frame } : { event: told });
    return true;
  }

  #tell(node: string, message: ToNode): void {
    this.#link.publish(subjectOfNode(node), encodeToNode(message));
  }
}

/** Joins the cluster that shares these NATS servers. Until they are reached, only what this node owns is served. */
export const createNatsBus = (options: NatsBusOptions): NatsBus => new NatsSessionBus(options);
