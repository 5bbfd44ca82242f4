import { type IceServer, type PairResult, readSignal, signalingUrl, type Timer } from '@proxim/protocol';

import { IceServerBook } from './ice-server-book.js';
import { MobileDeadline } from './mobile-deadline.js';
import { MobileDirect } from './mobile-direct.js';
import { MobileIdentity } from './mobile-identity.js';
import type { MobilePeerEvents, MobilePeerOptions } from './mobile-peer-options.js';
import { MobileSeat } from './mobile-seat.js';
import { endOfSearch, type MobileEnd, type MobileMemory, type MobileSearch, type MobileState } from './mobile-state.js';
import { randomFraction } from './random-ids.js';
import type { DirectPath } from './rtc-engine.js';
import type { Farewell } from './session-channel.js';
import { TypedEvents } from './typed-events.js';

/** Direct connections in a row that did not open. */
const maxFailedOffers = 3;
/** The same before any has opened: somebody waits for the first one, and a way that is not there does not come. */
const maxFailedFirstOffers = 2;
/** A computer that knows the phone lets it in at once; when it does not, its user is being asked. */
const letInWithinMs = 1500;
/** A server that never says how a request ended; one may give its desktop's user an hour, and nobody waits for that. */
const answerWithinMs = 600_000;
/** Whoever is still heard so long after it said that it would sleep, does not. */
const asleepWithinMs = 10_000;

/**
 * The phone's side: asks, offers the direct connection, checks who answers, and comes back by itself.
 *
 * @example
 * const peer = new MobilePeer({ environment: browserEnvironment(), link, deviceInfo, channels: [] });
 * peer.on('state', (state) => render(state));
 * peer.ask();
 */
export class MobilePeer extends TypedEvents<MobilePeerEvents> {
  readonly #options: MobilePeerOptions;
  readonly #seat: MobileSeat;
  readonly #direct: MobileDirect;
  readonly #identity: MobileIdentity;
  readonly #deadline: MobileDeadline;
  #state: MobileState = { status: 'idle' };
  readonly #iceServerBook = new IceServerBook();
  #iceServers: readonly IceServer[] = [];
  #failedOffers = 0;
  #hasConnected = false;
  #why: MobileSearch = 'lost';
  #wasEndedByComputer = false;
  /** Whether somebody has taken the seat at the server with this phone's token: another page of its, or who says so. */
  #isReplaced = false;
  /** Whether a new direct connection is wanted although the one that there is works. */
  #wantsRenewal = false;
  /** Until it is clear whether the user is asked, or whether the computer sleeps. */
  #patienceTimer: Timer | undefined;

  constructor(options: MobilePeerOptions) {
    super();
    this.#options = options;
    this.#identity = new MobileIdentity(options);
    this.#deadline = new MobileDeadline({
      clock: options.environment.clock,
      onOver: () => {
        this.#end('expired');
      },
    });
    this.#seat = this.#makeSeat();
    this.#direct = this.#makeDirect();
  }

  get state(): MobileState {
    return this.#state;
  }

  get memory(): MobileMemory {
    return this.#identity.memory;
  }

  /** Connects to the server and asks the computer's user. */
  ask(): void {
    if (this.#state.status !== 'idle') return;
    this.#setState(this.memory.wasApproved ? { status: 'reconnecting', why: 'lost' } : { status: 'reaching' });
    this.#seat.start();
  }

  /** Leaves for good: the computer is told. What was replaced keeps its connection until the computer has swapped it. */
  leave(): void {
    this.#end('left');
  }

  /** Another page of this phone goes on with the session: ends without a word, so that the computer misses nobody. */
  giveWay(): void {
    this.#end('replaced');
  }

  /** Whether the computer itself said that it is over, and no relay for it. */
  get wasEndedByComputer(): boolean {
    return this.#wasEndedByComputer;
  }

  /** The page came to the front: looks at once whether everything still stands. */
  wake(): void {
    if (this.#state.status === 'ended') return;
    this.#seat.wake();
    this.#direct.doubt();
  }

  /** The phone's network is another one: makes a new direct connection before the one that there is goes. */
  networkChanged(): void {
    if (this.#state.status === 'ended') return;
    this.#seat.wake();
    this.#renew();
  }

  path(): Promise<DirectPath | undefined> {
    return this.#direct.path();
  }

  get #now(): number {
    return this.#options.environment.clock.now();
  }

  #makeSeat(): MobileSeat {
    const { environment, link, pairingTimeoutSeconds = 40 } = this.#options;
    return new MobileSeat({
      url: signalingUrl(link),
      sessionID: link.sessionID,
      openWebSocket: environment.openWebSocket,
      clock: environment.clock,
      fraction: () => randomFraction(environment.randomBytes),
      pairingTimeoutMs: pairingTimeoutSeconds * 1000,
      handlers: {
        makeRequest: () => this.#identity.makeRequest(),
        onRequested: () => {
          this.#onRequested(this.#now + pairingTimeoutSeconds * 1000);
        },
        onApproved: (result) => {
          this.#onApproved(result);
        },
        onLost: () => {
          // Server and computer are often one.
          this.#direct.doubt();
          if (this.#state.status === 'connecting') this.#setState({ status: 'reconnecting', why: 'lost' });
        },
        onDesktop: () => {
          this.#connectAnew();
        },
        onSignal: (payload) => {
          this.#onSignal(payload);
        },
        onEnd: (reason) => {
          this.#onSeatEnd(reason);
        },
        wasApproved: () => this.memory.wasApproved,
        isConnected: () => this.#direct.works,
      },
    });
  }

  #makeDirect(): MobileDirect {
    const { environment, channels, memory } = this.#options;
    return new MobileDirect({
      environment,
      channels,
      hasEarlierPage: memory?.wasApproved === true,
      handlers: {
        onOpen: () => {
          this.#wantsRenewal = false;
          this.#setConnected();
        },
        onAlive: (isAlive) => {
          if (isAlive) this.#setConnected();
          else this.#onDirectLost();
        },
        onRenew: () => {
          if (this.#state.status === 'reconnecting') this.#setConnected();
          this.#renew();
        },
        onAsleep: () => {
          this.#onAsleep();
        },
        onGone: (farewell) => {
          this.#onDirectGone(farewell);
        },
        onFailed: () => {
          this.#onOfferFailed();
        },
        onChannel: (channel) => {
          this.emit('channel', channel);
        },
        onSessionType: (sessionType) => {
          this.emit('session', { sessionType });
        },
        onDeviceSecret: (deviceSecret) => {
          this.#remember({ deviceSecret });
        },
        onForged: () => {
          // What works is the computer's own, whoever tries to answer in its place.
          if (!this.#direct.works) this.#end('forged');
        },
        send: (payload) => {
          this.#seat.signal(payload);
        },
      },
    });
  }

  #remember(change: Partial<MobileMemory>): void {
    this.emit('memory', this.#identity.remember(change));
  }

  #setState(state: MobileState): void {
    this.#state = state;
    this.emit('state', state);
  }

  #setConnected(): void {
    this.#failedOffers = 0;
    this.#hasConnected = true;
    this.#why = 'lost';
    this.#setState({ status: 'connected', expiresAt: this.#deadline.expiresAt });
  }

  #onRequested(until: number): void {
    if (this.#state.status !== 'reaching') return;
    const wait = (): void => {
      if (this.#state.status !== 'reaching') return;
      this.#setState({ status: 'waiting', until });
      this.#patienceTimer?.cancel();
      this.#patienceTimer = this.#options.environment.clock.setTimer(answerWithinMs, () => {
        if (this.#state.status === 'waiting') this.#end('timeout');
      });
    };
    // Whoever holds the device secret is let in without a question.
    if (!this.memory.deviceSecret) wait();
    else {
      this.#patienceTimer?.cancel();
      this.#patienceTimer = this.#options.environment.clock.setTimer(letInWithinMs, wait);
    }
  }

  #onApproved({ iceServers, expiresInSeconds, resumed }: PairResult): void {
    this.#iceServers = this.#iceServerBook.take(iceServers ?? []);
    this.#deadline.onTold(expiresInSeconds ?? null);
    this.#patienceTimer?.cancel();
    if (!this.memory.wasApproved) this.#remember({ wasApproved: true });
    if (this.#direct.works) this.#setConnected();
    else if (this.#state.status !== 'reconnecting') this.#setState({ status: 'connecting' });
    // Where the user was asked once more, the computer has dropped what was being opened before.
    if (resumed === true) this.#direct.tookOver();
    else this.#direct.withdraw();
    this.#connectAnew();
  }

  /** The way to the computer is another one, or open again: an offer that has had no answer was perhaps not heard. */
  #connectAnew(): void {
    this.#direct.withdrawUnanswered();
    this.#connect();
  }

  #connect(): void {
    const isEnough = this.#direct.works && !this.#wantsRenewal;
    if (isEnough || this.#direct.isOpening || !this.#seat.reachesDesktop) return;
    void this.#direct.offer(this.#identity.key, this.#iceServers);
  }

  #renew(): void {
    this.#wantsRenewal = true;
    // What is being opened was begun on the network of before.
    this.#direct.withdraw();
    this.#connect();
  }

  #onAsleep(): void {
    this.#why = 'asleep';
    this.#setState({ status: 'reconnecting', why: 'asleep' });
    this.#patienceTimer?.cancel();
    this.#patienceTimer = this.#options.environment.clock.setTimer(asleepWithinMs, () => {
      if (this.#state.status === 'reconnecting' && this.#direct.works) this.#setConnected();
    });
  }

  #onSeatEnd(reason: MobileEnd): void {
    // Another page of this phone proves to the computer what it is, which then swaps this connection for its own. Whoever
    // knows no more than the token, or a relay that makes it up, ends nothing that works.
    if (reason === 'replaced' && this.#direct.works) {
      this.#isReplaced = true;
      this.#seat.leave(reason);
      return;
    }
    if (reason === 'session_not_found' && this.#deadline.isOver) this.#end('expired');
    else this.#end(endOfSearch(this.#why, reason));
  }

  #onOfferFailed(): void {
    // Whether the computer heard of it at all is not known unless the server holds both.
    if (this.#seat.reachesDesktop && !this.#direct.works) this.#failedOffers += 1;
    // What works is kept, though its network may be the one of before.
    if (this.#direct.works) this.#wantsRenewal = false;
    const most = this.#hasConnected ? maxFailedOffers : maxFailedFirstOffers;
    if (this.#failedOffers >= most) this.#end('no_direct_path');
    else this.#connect();
  }

  #onDirectGone(farewell: Farewell | undefined): void {
    // Said over the direct connection, so it is the computer's own word.
    switch (farewell) {
      case undefined:
        this.#onDirectLost();
        break;
      case 'server_shutdown':
        // It knows this phone when it is opened again.
        this.#why = 'closed';
        if (this.#isReplaced) this.#end(farewell);
        else this.#onDirectLost();
        break;
      case 'left':
        this.#wasEndedByComputer = true;
        this.#end('closed_by_desktop');
        break;
      default:
        this.#wasEndedByComputer = true;
        this.#end(farewell);
    }
  }

  #onDirectLost(): void {
    if (this.#isReplaced) {
      this.#end('replaced');
      return;
    }
    this.#setState({ status: 'reconnecting', why: this.#why });
    this.#seat.hurry();
    this.#connect();
  }

  #onSignal(payload: unknown): void {
    const signal = readSignal(payload);
    switch (signal.kind) {
      case 'candidate':
        this.#direct.addCandidate(signal.candidate);
        break;
      case 'description':
        // The desktop never offers: what comes from it is an answer, or nothing.
        if (signal.type !== 'offer') void this.#direct.acceptAnswer(signal);
        break;
      case 'refused':
        // A courtesy that a relay could forge: it ends nothing that works.
        if (!this.#direct.works) this.#end('refused');
        break;
      case 'unreadable':
        break;
      default:
        signal satisfies never;
    }
  }

  #end(reason: MobileEnd): void {
    if (this.#state.status === 'ended') return;
    this.#setState({ status: 'ended', reason });
    this.#deadline.stop();
    this.#patienceTimer?.cancel();
    if (reason === 'replaced') this.#direct.retire();
    else this.#direct.close('left');
    this.#seat.leave(reason);
  }
}
