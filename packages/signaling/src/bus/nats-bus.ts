import { randomBytes } from 'node:crypto';

import {
  type Clock,
  type ConnectionID,
  ProximError,
  type SessionEvent,
  type SessionID,
  type Timer,
} from '@proxim/protocol';
import {
  connect,
  type Msg,
  type NatsConnection,
  type NodeConnectionOptions,
  RequestError,
  type Subscription,
} from '@nats-io/transport-node';

import { type Log, silentLog } from '../log.js';
import { systemClock } from '../system-clock.js';
import type { Bus, ConnectionCommand, Delivery, Owner } from './bus.js';
import {
  decodeToNode,
  decodeToSession,
  encodeToNode,
  encodeToSession,
  type ToNode,
  type ToSession,
} from './nats-wire.js';
import { RemoteSeats } from './remote-seats.js';

export interface NatsBusOptions {
  /** `nats://host:port` or, where TLS is a must, `tls://host:port`; one or several of one NATS cluster. */
  readonly servers: readonly string[];
  /** `user:password`, or a token. */
  readonly credentials?: string;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Unix milliseconds, which the nodes compare with each other's. */
  readonly wallClock?: () => number;
  /** How often each node says that it lives, and after how long a silence it is taken for dead, in seconds. */
  readonly aliveSeconds?: number;
  readonly deadSeconds?: number;
  /** How long an answer of another node may take, in seconds. */
  readonly answerSeconds?: number;
}

/** A bus between the nodes of a cluster. */
export interface NatsBus extends Bus {
  isConnected(): boolean;
  /** Resolves when NATS is reached for the first time. Never rejects: it is tried for ever. */
  readonly connected: Promise<void>;
  /** Lets what was said go out, and leaves. */
  close(): Promise<void>;
}

interface OwnedSession extends Owner {
  readonly bid: string;
  readonly subscription: Subscription;
  since: number;
  status: 'claiming' | 'yielded' | 'owned';
}

const subjectOfSession = (sessionID: SessionID): string => `proxim.session.${sessionID}`;
const subjectOfNode = (node: string): string => `proxim.node.${node}`;
const aliveSubject = 'proxim.alive';

const yes = Uint8Array.of(1);
const no = Uint8Array.of(0);
/** The answer to a claim of one that asks for the same, and steps back. */
const after = Uint8Array.of(2);
/** Claims of the same name at the same moment are sorted out in one round; three nodes may need two. */
const claimRounds = 5;
const claimPauseMs = 50;
/** Until a NATS server that refused this node is asked again. */
const refusedPauseMs = 2000;

const unavailable = (cause?: unknown): ProximError =>
  new ProximError('cluster_unavailable', 'The cluster does not answer.', { cause });

/** The node that a connection is at: its name begins with it. */
const nodeOf = (connection: ConnectionID): string => connection.slice(0, connection.indexOf('.'));

const connectionOptions = (node: string, { servers, credentials }: NatsBusOptions): NodeConnectionOptions => ({
  servers: [...servers],
  ...(servers.some((url) => url.startsWith('tls:')) ? { tls: {} } : {}),
  ...(credentials === undefined ? {} : identityOf(credentials)),
  name: `proxim ${node}`,
  // A request about one's own session would otherwise be answered by oneself.
  noEcho: true,
  waitOnFirstConnect: true,
  maxReconnectAttempts: -1,
  ignoreAuthErrorAbort: true,
  reconnectTimeWait: 250,
  reconnectJitter: 250,
  pingInterval: 5000,
  maxPingOut: 2,
});

const identityOf = (credentials: string): { user: string; pass: string } | { token: string } => {
  const colon = credentials.indexOf(':');
  return colon < 0 ? { token: credentials } : { user: credentials.slice(0, colon), pass: credentials.slice(colon + 1) };
};

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
  readonly node = randomBytes(6).toString('base64url').replaceAll(/[_-]/g, 'x');
  readonly connected: Promise<void>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #wallClock: () => number;
  readonly #aliveMs: number;
  readonly #deadMs: number;
  readonly #answerMs: number;
  readonly #owned = new Map<SessionID, OwnedSession>();
  readonly #connections = new Map<ConnectionID, (command: ConnectionCommand) => void>();
  /** Seats of our connections in sessions that others own, and of others' connections in ours. */
  readonly #held = new RemoteSeats();
  readonly #given = new RemoteSeats();
  readonly #heard = new Map<string, number>();
  #nats: NatsConnection | undefined;
  #isUp = false;
  #isClosed = false;
  #alive: Timer | undefined;

  constructor(options: NatsBusOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#wallClock = options.wallClock ?? Date.now;
    this.#aliveMs = (options.aliveSeconds ?? 1) * 1000;
    this.#deadMs = (options.deadSeconds ?? 3.5) * 1000;
    this.#answerMs = (options.answerSeconds ?? 2) * 1000;
    this.connected = this.#connect(options);
  }

  isConnected(): boolean {
    return this.#isUp;
  }

  async claim(sessionID: SessionID, owner: Owner): Promise<boolean> {
    if (this.#owned.has(sessionID)) return false;
    const nats = this.#natsOrThrow();
    const subscription = nats.subscribe(subjectOfSession(sessionID), {
      callback: (error, message) => {
        if (!error) this.#onSessionMessage(sessionID, message);
      },
    });
    const bid = randomBytes(9).toString('base64url');
    const entry: OwnedSession = { ...owner, bid, subscription, since: 0, status: 'claiming' };
    this.#owned.set(sessionID, entry);
    try {
      const isFree = await this.#isFree(nats, sessionID, entry);
      if (isFree && this.#owned.get(sessionID) === entry) {
        entry.since = this.#wallClock();
        entry.status = 'owned';
        return true;
      }
    } catch (error) {
      this.#drop(sessionID, entry);
      throw unavailable(error);
    }
    this.#drop(sessionID, entry);
    return false;
  }

  release(sessionID: SessionID): void {
    const entry = this.#owned.get(sessionID);
    if (entry) this.#drop(sessionID, entry);
  }

  toOwner(sessionID: SessionID, delivery: Delivery): boolean | Promise<boolean> {
    const { event } = delivery;
    const entry = this.#owned.get(sessionID);
    if (entry?.status === 'owned') {
      entry.deliver(delivery);
      return true;
    }
    if (event.type === 'connection_ended') {
      // Where nobody hears it, nobody remembers the seat either.
      this.#held.remove({ connection: event.connection, sessionID });
      this.#publish(subjectOfSession(sessionID), encodeToSession({ kind: 'deliver', delivery }));
      return true;
    }
    if (!this.#isUp) return Promise.reject(unavailable());
    const message = encodeToSession({ kind: 'deliver', delivery });
    if (event.type === 'signal_sent' && this.#held.has({ connection: event.connection, sessionID })) {
      this.#publish(subjectOfSession(sessionID), message);
      return true;
    }
    return this.#ask(this.#natsOrThrow(), sessionID, message).then((answer) => answer === yes[0]);
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
    if (command.type === 'seat') {
      this.#given.add(node, { connection, sessionID: command.sessionID });
      this.#heard.set(node, this.#clock.now());
    } else if (command.type === 'unseat' || command.type === 'owner_lost') {
      this.#given.remove({ connection, sessionID: command.sessionID });
    } else if (command.type === 'replace') this.#given.removeConnection(connection);
    this.#tell(node, { kind: 'command', from: this.node, to: connection, command });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isUp = false;
    this.#alive?.cancel();
    const nats = this.#nats;
    if (!nats || nats.isClosed()) return;
    // What NATS does not take in this time it will not take.
    const isDone = nats.drain().catch(() => undefined);
    await Promise.race([isDone, this.#pass(this.#answerMs)]);
    await nats.close().catch(() => undefined);
  }

  /** Tries for ever: whoever runs the cluster may start NATS, or mend its passwords, later. */
  async #connect(options: NatsBusOptions): Promise<void> {
    while (!this.#isClosed) {
      try {
        this.#onConnected(await connect(connectionOptions(this.node, options)));
        return;
      } catch (error) {
        this.#log.error({ error: error instanceof Error ? error.message : String(error) }, 'NATS refuses this node');
        await this.#pass(refusedPauseMs);
      }
    }
  }

  #onConnected(nats: NatsConnection): void {
    this.#nats = nats;
    if (this.#isClosed) {
      void nats.close();
      return;
    }
    nats.subscribe(subjectOfNode(this.node), {
      callback: (error, message) => {
        if (!error) this.#onNodeMessage(message);
      },
    });
    nats.subscribe(aliveSubject, {
      callback: (error, message) => {
        if (!error) this.#heard.set(message.string(), this.#clock.now());
      },
    });
    this.#isUp = true;
    this.#sayAlive();
    void this.#watch(nats);
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimer(ms, resolve);
    });
  }

  async #watch(nats: NatsConnection): Promise<void> {
    for await (const { type } of nats.status()) {
      if (type === 'disconnect') this.#onDown();
      else if (type === 'reconnect') this.#onUp();
    }
  }

  #onDown(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#log.warn({}, 'NATS is not reached; sessions of this node go on');
    for (const node of new Set([...this.#held.nodes, ...this.#given.nodes])) this.#giveUp(node);
  }

  #onUp(): void {
    if (this.#isClosed) return;
    this.#isUp = true;
    this.#log.info({}, 'NATS is reached again');
    // While it was away, a desktop may have gone to another node with its session.
    for (const [sessionID, { status, since }] of this.#owned) {
      if (status !== 'owned') continue;
      const message: ToSession = { kind: 'owned', node: this.node, since };
      this.#publish(subjectOfSession(sessionID), encodeToSession(message));
    }
  }

  #sayAlive(): void {
    this.#alive = this.#clock.setTimer(this.#aliveMs, () => {
      this.#publish(aliveSubject, new TextEncoder().encode(this.node));
      const now = this.#clock.now();
      for (const node of this.#isUp ? new Set([...this.#held.nodes, ...this.#given.nodes]) : []) {
        if (now - (this.#heard.get(node) ?? -Infinity) <= this.#deadMs) continue;
        this.#log.warn({ node }, 'a node is silent; its seats are given up');
        this.#giveUp(node);
        this.#tell(node, { kind: 'parted', node: this.node });
      }
      // Whoever has no seats here need not be remembered.
      for (const [node, at] of this.#heard) if (now - at > this.#deadMs) this.#heard.delete(node);
      this.#sayAlive();
    });
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
    const message = this.#decode(() => decodeToNode(raw.data));
    switch (message?.kind) {
      case 'command':
        this.#onCommand(message);
        break;
      case 'parted':
        this.#giveUp(message.node);
        break;
      case 'superseded':
        this.#superseded(message.sessionID);
        break;
      case undefined:
        break;
      default:
        message satisfies never;
    }
  }

  #onCommand({ from, to, command }: Extract<ToNode, { kind: 'command' }>): void {
    const execute = this.#connections.get(to);
    if (!execute) return;
    if (command.type === 'seat') {
      this.#held.add(from, { connection: to, sessionID: command.sessionID });
      this.#heard.set(from, this.#clock.now());
    } else if (command.type === 'unseat' || command.type === 'owner_lost') {
      this.#held.remove({ connection: to, sessionID: command.sessionID });
    }
    execute(command);
  }

  #onSessionMessage(sessionID: SessionID, raw: Msg): void {
    const message = this.#decode(() => decodeToSession(raw.data));
    if (!message) return;
    const entry = this.#owned.get(sessionID);
    if (!entry) {
      // Said to an owner that has just left.
      raw.respond(message.kind === 'claim' ? after : no);
      return;
    }
    switch (message.kind) {
      case 'deliver':
        this.#onDelivery(entry, message.delivery, sessionID);
        raw.respond(entry.status === 'owned' ? yes : no);
        break;
      case 'claim':
        raw.respond(this.#answerClaim(entry, message.bid));
        break;
      case 'owned':
        this.#onOwnedElsewhere(sessionID, entry, message);
        break;
      default:
        message satisfies never;
    }
  }

  #onDelivery(entry: OwnedSession, { event, frame }: Delivery, sessionID: SessionID): void {
    if (entry.status !== 'owned') return;
    if (event.type === 'connection_ended') this.#given.remove({ connection: event.connection, sessionID });
    if (event.type === 'signal_sent' && event.asked && !this.#given.has({ connection: event.connection, sessionID })) {
      // It has its seat from an owner before this one, and does not know yet that that one is gone.
      this.toConnection(event.connection, { type: 'owner_lost', sessionID });
      return;
    }
    const told = inOwnTime(event, this.#clock.now());
    entry.deliver(frame ? { event: told, frame } : { event: told });
  }

  #answerClaim(entry: OwnedSession, bid: string): Uint8Array {
    if (entry.status === 'owned') return yes;
    if (entry.status === 'claiming' && entry.bid > bid) return yes;
    entry.status = 'yielded';
    return after;
  }

  #onOwnedElsewhere(sessionID: SessionID, entry: OwnedSession, { node, since }: { node: string; since: number }): void {
    if (entry.status !== 'owned') return;
    const isOurs = entry.since === since ? this.node > node : entry.since > since;
    if (isOurs) this.#tell(node, { kind: 'superseded', sessionID });
    else this.#superseded(sessionID);
  }

  #superseded(sessionID: SessionID): void {
    const entry = this.#owned.get(sessionID);
    if (entry?.status !== 'owned') return;
    this.#drop(sessionID, entry);
    entry.superseded();
  }

  async #isFree(nats: NatsConnection, sessionID: SessionID, entry: OwnedSession): Promise<boolean> {
    const claim = encodeToSession({ kind: 'claim', node: this.node, bid: entry.bid });
    for (let round = 0; round < claimRounds; round += 1) {
      const answer = await this.#ask(nats, sessionID, claim);
      if (answer === undefined) return entry.status === 'claiming';
      if (answer === yes[0] || entry.status !== 'claiming') return false;
      await this.#pass(claimPauseMs);
    }
    return false;
  }

  /** The first byte of the answer; undefined when nobody listens. @throws ProximError `cluster_unavailable` */
  async #ask(nats: NatsConnection, sessionID: SessionID, message: Uint8Array): Promise<number | undefined> {
    try {
      const answer = await nats.request(subjectOfSession(sessionID), message, { timeout: this.#answerMs });
      return answer.data[0];
    } catch (error) {
      if (error instanceof RequestError && error.isNoResponders()) return undefined;
      throw unavailable(error);
    }
  }

  #tell(node: string, message: ToNode): void {
    this.#publish(subjectOfNode(node), encodeToNode(message));
  }

  #publish(subject: string, message: Uint8Array): void {
    // What cannot be said now is not said later: by then both sides have given up what they shared.
    if (!this.#isUp || this.#nats?.isClosed() !== false) return;
    this.#nats.publish(subject, message);
  }

  #natsOrThrow(): NatsConnection {
    if (!this.#isUp || !this.#nats) throw unavailable();
    return this.#nats;
  }

  #drop(sessionID: SessionID, entry: OwnedSession): void {
    if (this.#owned.get(sessionID) === entry) this.#owned.delete(sessionID);
    // What is on its way is answered still, lest somebody waits for it.
    entry.subscription.drain().catch(() => undefined);
  }

  #decode<Message>(decode: () => Message): Message | undefined {
    try {
      return decode();
    } catch {
      this.#log.warn({}, 'a message on NATS is none of ours');
      return undefined;
    }
  }
}

/** Joins the cluster that shares these NATS servers. Until they are reached, only what this node owns is served. */
export const createNatsBus = (options: NatsBusOptions): NatsBus => new NatsSessionBus(options);
