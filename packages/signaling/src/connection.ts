import {
  type BucketRules,
  type ClientMessage,
  type ClientMessageOf,
  closeCodes,
  type ConnectionEnd,
  type ConnectionID,
  type ErrorCode,
  isDeliberateClose,
  type Limits,
  parseClientMessage,
  type PromptID,
  scanSignal,
  type ServerMessage,
  type SessionEvent,
  type SessionID,
  type Timer,
  TokenBucket,
} from '@proxim/protocol';

import type { AddressRecord } from './address.js';
import type { Bus, ConnectionCommand, Eventually } from './bus/bus.js';
import { FrameQueue, type FrameQueueContext, type FrameQueueHandlers } from './frame-queue.js';
import type { Ids } from './ids.js';
import type { ConnectionRole, ServerObserver } from './observer.js';
import type { SessionRuntime } from './session-runtime.js';
import type { Socket, SocketHandlers } from './websocket.js';

/** What a connection needs of the server that it belongs to. */
export interface ConnectionContext extends FrameQueueContext {
  readonly ids: Ids;
  readonly bus: Bus;
  readonly runtime: SessionRuntime;
  readonly frameRules: BucketRules;
  readonly signalRules: BucketRules;
  readonly authorizeDesktop: (token: string | undefined) => boolean;
  readonly isStopping: () => boolean;
  readonly observer: ServerObserver;
  /** The socket is gone for good. */
  readonly onGone: (connection: Connection) => void;
}

/** How fast one connection may send, in the same objects for all of them: there may be very many. */
export const rulesOfConnections = ({
  signalBurst: burst,
  signalRate: rate,
}: Limits): Pick<ConnectionContext, 'frameRules' | 'signalRules' | 'courtesyRules'> => ({
  frameRules: { burst: burst * 2, rate: rate * 2 },
  signalRules: { burst, rate },
  courtesyRules: { burst: burst / 4, rate: rate / 2.5 },
});

type SessionMessage = Exclude<ClientMessage, { type: 'ping' | 'session_create' | 'pair_request' }>;

/** As many as a desktop may hold; a phone has one. */
const mostUnsure = 16;

/** One accepted socket: its role, its limits, its heartbeat; reads its frames and brings them to their sessions. */
export class Connection implements SocketHandlers, FrameQueueHandlers {
  readonly id: ConnectionID;
  readonly #socket: Socket;
  readonly #address: AddressRecord;
  readonly #context: ConnectionContext;
  readonly #frames: TokenBucket;
  readonly #signals: TokenBucket;
  readonly #refusals: TokenBucket;
  readonly #queue: FrameQueue;
  #isSocketGone = false;
  #role: ConnectionRole = 'none';
  /** The sessions of the role, one at most of a phone: in a list that is made when they change, and read for each frame. */
  #seats: readonly SessionID[] = [];
  /** Sessions whose owner did not answer in time, and may have given this connection a seat. */
  #unsure: Set<SessionID> | undefined;
  #ended = false;
  #end: ConnectionEnd = 'lost';
  /** The close code: the one that was said here, else the one that came. */
  #code: number | undefined;
  #spentOnRequest = false;
  #roleTimer: Timer | undefined;
  #heartbeat: Timer | undefined;
  #awaitsPong = false;

  constructor(id: ConnectionID, socket: Socket, address: AddressRecord, context: ConnectionContext) {
    this.id = id;
    this.#socket = socket;
    this.#address = address;
    this.#context = context;
    const { limits, clock } = context;
    const now = clock.now();
    this.#signals = new TokenBucket(context.signalRules, now);
    this.#refusals = new TokenBucket(context.signalRules, now);
    this.#frames = new TokenBucket(context.frameRules, now);
    this.#queue = new FrameQueue(context, socket, address.pace, this);
    this.#roleTimer = clock.setTimer(limits.roleTimeoutSeconds * 1000, () => {
      this.close(closeCodes.noRole, 'no role taken');
    });
    this.#scheduleHeartbeat();
    context.bus.attach(id, (command) => {
      this.#execute(command);
    });
  }

  get address(): AddressRecord {
    return this.#address;
  }

  get role(): ConnectionRole {
    return this.#role;
  }

  /** The code with which it was closed; 1006 when nobody said one. */
  get closeCode(): number {
    return this.#code ?? 1006;
  }

  onFlood(): void {
    this.#cutOff(closeCodes.policyViolation, 'too many messages');
  }

  onFailure(): void {
    this.close(closeCodes.tryAgainLater, 'the cluster does not answer');
  }

  onRead(): boolean {
    return this.#queue.onRead();
  }

  onFrame(bytes: Buffer, isBinary: boolean): void {
    if (this.#ended) return;
    this.#isAlive();
    if (isBinary) {
      this.#cutOff(closeCodes.unsupportedData, 'text frames only');
      return;
    }
    this.#queue.add((now) => {
      if (this.#frames.take(now)) return this.#relay(bytes, now) ? undefined : this.#handle(bytes);
      this.#refuseRate(undefined, undefined);
      return undefined;
    });
  }

  /** A control frame is a frame like any other; a ping beyond the limit goes unanswered. */
  onPing(data: Buffer): void {
    if (this.#ended) return;
    this.#isAlive();
    this.#queue.add(() => {
      if (this.#takeControlFrame()) {
        this.#write(() => {
          this.#socket.pong(data);
        });
      }
      return undefined;
    });
  }

  onPong(): void {
    if (this.#ended) return;
    this.#isAlive();
    this.#queue.add(() => {
      this.#takeControlFrame();
      return undefined;
    });
  }

  onFault(): void {
    if (this.#ended) return;
    this.#finish('lost');
    this.#charge();
  }

  onEnd(code: number): void {
    this.#isSocketGone = true;
    this.#code ??= code;
    const end = isDeliberateClose(code) ? 'left' : 'lost';
    if (!this.#ended && this.#queue.isNearlyDone) {
      // What only waited its turn is dealt with before the end that came after it.
      this.#queue.addLast(() => {
        this.#finish(end);
        return undefined;
      });
      return;
    }
    this.#finish(end);
    this.#heartbeat?.cancel();
    this.#context.onGone(this);
  }

  /** Says `code` and ends; a peer that does not answer in time is cut off. */
  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.#code = code;
    this.#finish('lost');
    this.#socket.close(code, reason);
    this.#terminateLater();
  }

  /** Says `code` to one who went against the rules, and hears nothing more from him. */
  #cutOff(code: number, reason: string): void {
    if (this.#ended) return;
    this.#code = code;
    this.#finish('lost');
    this.#socket.cutOff(code, reason);
    this.#charge();
  }

  /** Abuse makes the next connections of its address wait: coming back at once is no way around any limit. */
  #charge(): void {
    const { clock, limits } = this.#context;
    this.#address.requestBucket.charge(limits.requestRate, clock.now());
    this.#terminateLater();
  }

  #terminateLater(): void {
    const { clock, limits } = this.#context;
    this.#heartbeat = clock.setTimer(limits.heartbeatGraceSeconds * 1000, () => {
      this.#socket.terminate();
    });
  }

  terminate(): void {
    this.#socket.terminate();
  }

  send(message: ServerMessage): void {
    if (message.type === 'error' && !this.#ended) this.#context.observer.errorSent(message.code);
    this.#sendFrame(JSON.stringify(message));
  }

  #sendFrame(frame: string | Uint8Array): void {
    this.#write(() => {
      this.#socket.send(frame);
    });
  }

  #write(write: () => void): void {
    if (this.#ended) return;
    write();
    if (this.#socket.bufferedBytes > this.#context.limits.maxBufferedBytes) {
      this.close(closeCodes.tryAgainLater, 'too slow a reader');
    }
  }

  /** Tells the sessions at once, whatever the socket still does. */
  #finish(end: ConnectionEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#end = end;
    this.#queue.clear();
    this.#roleTimer?.cancel();
    this.#heartbeat?.cancel();
    for (const sessionID of new Set([...this.#seats, ...(this.#unsure ?? [])])) this.#tellEnd(sessionID);
    this.#context.bus.detach(this.id);
    if (this.#isSocketGone) this.#context.onGone(this);
  }

  #tellEnd(sessionID: SessionID): void {
    const { bus, clock } = this.#context;
    const event: SessionEvent = { type: 'connection_ended', now: clock.now(), connection: this.id, end: this.#end };
    void bus.toOwner(sessionID, { event });
  }

  /** Where the answer comes from another node, the connection may have ended meanwhile: its seat is empty at once. */
  #seatGiven(sessionID: SessionID): void {
    if (this.#ended) this.#tellEnd(sessionID);
  }

  #scheduleHeartbeat(): void {
    const { clock, limits } = this.#context;
    this.#awaitsPong = false;
    this.#heartbeat = clock.setTimer(limits.heartbeatSeconds * 1000, () => {
      this.#awaitsPong = true;
      this.#socket.ping();
      this.#heartbeat = clock.setTimer(limits.heartbeatGraceSeconds * 1000, () => {
        // While other nodes are asked for it nothing is read from it, its pong neither.
        if (this.#queue.isBusy) this.#scheduleHeartbeat();
        else this.close(closeCodes.heartbeatLost, 'heartbeat lost');
      });
    });
  }

  #isAlive(): void {
    if (!this.#awaitsPong || this.#ended) return;
    this.#heartbeat?.cancel();
    this.#scheduleHeartbeat();
  }

  /**
   * The short way of nearly all frames: a plain signal between peers of a session that lives here, or of one elsewhere that
   * this connection has its seat in. It counts as any other, and goes on unread. Only what is sure to be relayed, or to be
   * the owner's to judge, is taken; all else goes the general way as if nothing had been.
   */
  #relay(bytes: Buffer, now: number): boolean {
    const { runtime, bus } = this.#context;
    const sessionID = scanSignal(bytes, this.#seats);
    if (sessionID === undefined) return false;
    const to = runtime.relayTarget(sessionID, this.id);
    if (to === undefined && !bus.isSeatedElsewhere(sessionID, this.id)) return false;
    if (!this.#signals.take(now)) this.#refuseRate('signal', sessionID);
    else if (to === undefined) {
      const event: SessionEvent = { type: 'signal_sent', connection: this.id, asked: true };
      const told = bus.toOwner(sessionID, { event, frame: bytes });
      // It is told at once, or larger than the bus takes.
      void this.#whenAnswered(told, { type: 'signal', sessionID }, () => undefined);
    } else runtime.relay(to, bytes);
    return true;
  }

  #handle(bytes: Buffer): Promise<void> | undefined {
    const parsed = parseClientMessage(bytes.toString());
    if (!parsed.ok) {
      // An honest client sends hardly any; to find out that a text is no JSON takes longer than to read one that is.
      if (this.#takeRefusal()) this.send({ type: 'error', ...parsed.error });
      return undefined;
    }
    const message = parsed.value;
    if (message.type === 'ping') {
      this.send({ type: 'pong' });
      return undefined;
    }
    if (this.#context.isStopping()) {
      this.#refuse('shutting_down', 'The server is going down.', message);
      return undefined;
    }
    switch (message.type) {
      case 'session_create':
        return this.#onSessionCreate(message);
      case 'pair_request':
        return this.#onPairRequest(message);
      case 'signal':
      case 'pair_response':
      case 'session_close':
        return this.#onSessionMessage(message, bytes);
      default:
        return message satisfies never;
    }
  }

  #onSessionCreate(message: ClientMessageOf<'session_create'>): Promise<void> | undefined {
    const { authorizeDesktop, limits, runtime, bus, clock } = this.#context;
    if (this.#role === 'mobile') {
      this.#refuse('not_allowed', 'A phone makes no sessions.', message);
      return undefined;
    }
    if (!authorizeDesktop(message.token)) {
      this.#refuse('unauthorized', 'This server takes sessions from its own desktops alone.', message);
      return undefined;
    }
    const { sessionID } = message;
    if (this.#seats.length >= limits.maxSessionsPerConnection && !this.#seats.includes(sessionID)) {
      this.#refuse('capacity', 'This connection holds as many sessions as it may.', message);
      return undefined;
    }
    const facts = {
      sessionID,
      uuid: message.uuid,
      sessionType: message.sessionType ?? 'temporary',
      desktopToken: message.peerToken ?? null,
    };
    const refuseTaken = (): void => {
      this.#refuse('session_exists', 'A session of this name is alive.', message);
    };
    const creation = { connection: this.id, facts, ttlSeconds: message.ttlSeconds };
    return this.#whenAnswered(runtime.create(creation), message, (outcome) => {
      if (outcome === 'created') {
        this.#seatGiven(sessionID);
        return undefined;
      }
      if (outcome === 'full') {
        this.#refuse('capacity', 'This server holds as many sessions as it may.', message);
        return undefined;
      }
      const event: SessionEvent = {
        type: 'desktop_returned',
        now: clock.now(),
        connection: this.id,
        token: message.peerToken,
      };
      return this.#whenAnswered(bus.toOwner(sessionID, { event }), message, (delivered) => {
        if (delivered) this.#seatGiven(sessionID);
        else refuseTaken();
        return undefined;
      });
    });
  }

  #onPairRequest(message: ClientMessageOf<'pair_request'>): Promise<void> | undefined {
    const { bus, clock, ids } = this.#context;
    const { sessionID } = message;
    if (this.#role === 'desktop') {
      this.#refuse('not_allowed', 'A desktop asks for no session.', message);
      return undefined;
    }
    if (this.#seats.length > 0 && !this.#seats.includes(sessionID)) {
      this.#refuse('not_allowed', 'This connection belongs to another session.', message);
      return undefined;
    }
    if (this.#role === 'none') this.#takeRole('mobile', []);
    const now = clock.now();
    this.#spentOnRequest = this.#address.pairBucket.take(now);
    const limited = !this.#spentOnRequest;
    const event: SessionEvent = {
      type: 'pair_requested',
      now,
      connection: this.id,
      token: message.peerToken,
      deviceInfo: { name: message.deviceInfo.name, id: message.deviceInfo.id },
      auth: message.auth,
      limited,
      promptID: ids.random() as PromptID,
    };
    return this.#whenAnswered(bus.toOwner(sessionID, { event }), message, (delivered) => {
      if (delivered) {
        this.#seatGiven(sessionID);
        return undefined;
      }
      // In the very words that a session that lives would use: whoever asks too often learns nothing by it.
      if (limited) this.#refuse('rate_limited', 'Too many requests from this address.', message);
      else this.#refuse('session_not_found', 'No session has this name.', message);
      return undefined;
    });
  }

  #onSessionMessage(message: SessionMessage, bytes: Buffer): Promise<void> | undefined {
    const { clock, bus } = this.#context;
    const { sessionID } = message;
    const now = clock.now();
    if (message.type === 'signal' && !this.#signals.take(now)) {
      this.#refuseRate(message.type, sessionID);
      return undefined;
    }
    // Naming a session that is not one's own is guessing, until it turns out that the session exists.
    const isOwn = this.#seats.includes(sessionID);
    if (!isOwn && !this.#address.pairBucket.take(now)) {
      this.#refuseRate(message.type, sessionID);
      return undefined;
    }
    const event = this.#eventOf(message, now);
    const delivery = message.type === 'signal' ? { event, frame: bytes } : { event };
    return this.#whenAnswered(bus.toOwner(sessionID, delivery), message, (delivered) => {
      if (!delivered) this.#refuse('session_not_found', 'No session has this name.', message);
      else if (!isOwn) this.#address.pairBucket.giveBack();
      return undefined;
    });
  }

  /**
   * Goes on at once where the value is there, so that a server on its own pays for no promise. Where another node had to
   * be asked and does not answer, the sender is told.
   */
  #whenAnswered<Value>(
    value: Eventually<Value>,
    message: { readonly type: string; readonly sessionID: SessionID },
    next: (value: Value) => Promise<void> | undefined,
  ): Promise<void> | undefined {
    if (!(value instanceof Promise)) return next(value);
    return value.then(next, () => {
      // The owner may have heard it all the same: if this connection ends, it is told, lest it keeps a seat for nobody.
      this.#unsure ??= new Set();
      if (this.#unsure.size < mostUnsure) this.#unsure.add(message.sessionID);
      if (this.#ended) this.#tellEnd(message.sessionID);
      this.#refuse('peer_unavailable', 'The cluster does not answer.', message);
    });
  }

  #eventOf(message: SessionMessage, now: number): SessionEvent {
    const connection = this.id;
    switch (message.type) {
      case 'signal':
        return { type: 'signal_sent', connection, asked: this.#seats.includes(message.sessionID) };
      case 'pair_response': {
        const { approved, promptID, reason } = message;
        return { type: 'pair_responded', now, connection, approved, promptID, reason };
      }
      case 'session_close':
        return { type: 'close_requested', connection };
      default:
        return message satisfies never;
    }
  }

  #execute(command: ConnectionCommand): void {
    switch (command.type) {
      case 'send':
        this.#sendFrame(command.frame);
        break;
      case 'seat':
        this.#takeSeat(command);
        break;
      case 'unseat':
        if (this.#role === 'desktop') this.#loseSeat(command.sessionID);
        break;
      case 'replace':
        this.close(closeCodes.replaced, 'replaced by a newer connection');
        break;
      case 'owner_lost':
        this.#onOwnerLost(command.sessionID);
        break;
      default:
        command satisfies never;
    }
  }

  /**
   * A desktop makes the session again over this connection, which may hold others; a phone comes back with a new one, as
   * it does from any socket that it loses, whether it was approved or not yet.
   */
  #onOwnerLost(sessionID: SessionID): void {
    if (this.#role === 'desktop') {
      if (!this.#loseSeat(sessionID)) return;
      this.send({ type: 'session_closed', sessionID, reason: 'desktop_lost' });
      return;
    }
    this.close(closeCodes.goingAway, 'the node that held the session is gone');
  }

  #takeSeat(command: Extract<ConnectionCommand, { type: 'seat' }>): void {
    const { sessionID } = command;
    if (command.role === 'mobile') {
      this.#takeRole('mobile', [sessionID]);
      if (command.known && this.#spentOnRequest) this.#address.pairBucket.giveBack();
      this.#spentOnRequest = false;
      return;
    }
    const held = this.#role === 'desktop' ? this.#seats.filter((seat) => seat !== sessionID) : [];
    this.#takeRole('desktop', [...held, sessionID]);
  }

  #loseSeat(sessionID: SessionID): boolean {
    const held = this.#seats.filter((seat) => seat !== sessionID);
    const isLost = held.length < this.#seats.length;
    this.#seats = held;
    return isLost;
  }

  #takeRole(role: ConnectionRole, seats: readonly SessionID[]): void {
    if (this.#role !== role) this.#context.observer.roleTaken(this.#role, role);
    this.#role = role;
    this.#seats = seats;
    this.#roleTimer?.cancel();
    this.#roleTimer = undefined;
  }

  #refuse(code: ErrorCode, text: string, message: { readonly type: string; readonly sessionID?: SessionID }): void {
    this.send({
      type: 'error',
      code,
      message: text,
      replyTo: message.type,
      ...(message.sessionID === undefined ? {} : { sessionID: message.sessionID }),
    });
  }

  #takeControlFrame(): boolean {
    if (this.#frames.take(this.#context.clock.now())) return true;
    this.#takeRefusal();
    return false;
  }

  /** Too much of something. Who goes on all the same is cut off, lest the refusals become the flood. */
  #takeRefusal(): boolean {
    this.#address.pace.charge();
    if (this.#refusals.take(this.#context.clock.now())) return true;
    this.#cutOff(closeCodes.policyViolation, 'too many messages');
    return false;
  }

  #refuseRate(replyTo: string | undefined, sessionID: SessionID | undefined): void {
    if (!this.#takeRefusal()) return;
    this.send({
      type: 'error',
      code: 'rate_limited',
      message: 'Too many messages.',
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(sessionID === undefined ? {} : { sessionID }),
    });
  }
}
