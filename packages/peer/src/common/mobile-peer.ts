import {
  type AuthKey,
  authOfPairRequest,
  deriveAuthKey,
  type DeviceInfo,
  type IceServer,
  type Link,
  type PairRequest,
  type PairResult,
  readSignal,
  type SessionType,
  signalingUrl,
} from '@proxim/protocol';

import type { PeerEnvironment } from './environment.js';
import { MobileDirect } from './mobile-direct.js';
import { MobileSeat } from './mobile-seat.js';
import type { MobileEnd, MobileMemory, MobileState } from './mobile-state.js';
import { randomFraction, randomPeerToken } from './random-ids.js';
import type { ChannelSpec, DirectChannel, DirectPath } from './rtc-engine.js';
import type { Farewell } from './session-channel.js';
import { TypedEvents } from './typed-events.js';

export interface MobilePeerEvents {
  state: MobileState;
  /** A channel is open; after a new direct connection they open anew. */
  channel: DirectChannel;
  /** Something worth keeping has changed. */
  memory: MobileMemory;
  /** The computer has said what kind of session this is; only a `persistent` one may be kept beyond the tab. */
  session: { readonly sessionType: SessionType };
}

export interface MobilePeerOptions {
  readonly environment: PeerEnvironment;
  readonly link: Link;
  readonly deviceInfo: DeviceInfo;
  /** The application's own data channels. */
  readonly channels: readonly ChannelSpec[];
  /** From an earlier page of the same session. */
  readonly memory?: MobileMemory | undefined;
  /** What the wire says of a request's life, for the ring that counts down; the server has the last word. */
  readonly pairingTimeoutSeconds?: number;
}

/** Direct connections in a row that did not open. */
const maxFailedOffers = 3;

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
  #memory: MobileMemory;
  #key: AuthKey;
  #state: MobileState = { status: 'idle' };
  #iceServers: readonly IceServer[] = [];
  #expiresAt: number | null = null;
  #failedOffers = 0;

  constructor(options: MobilePeerOptions) {
    super();
    this.#options = options;
    this.#memory = options.memory ?? {
      peerToken: randomPeerToken(options.environment.randomBytes),
      deviceSecret: undefined,
      wasApproved: false,
    };
    this.#key = this.#deriveKey();
    this.#seat = this.#makeSeat();
    this.#direct = this.#makeDirect();
  }

  get state(): MobileState {
    return this.#state;
  }

  get memory(): MobileMemory {
    return this.#memory;
  }

  /** Connects to the server and asks the computer's user. */
  ask(): void {
    if (this.#state.status !== 'idle') return;
    this.#setState(this.#memory.wasApproved ? { status: 'reconnecting', why: 'lost' } : { status: 'reaching' });
    this.#seat.start();
  }

  /** Leaves for good: the computer is told. */
  leave(): void {
    this.#end('left');
  }

  /** The page came to the front, or the network changed: looks at once whether everything still stands. */
  wake(): void {
    this.#seat.wake();
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
        makeRequest: () => this.#makeRequest(),
        onRequested: () => {
          if (this.#state.status !== 'reaching') return;
          this.#setState({ status: 'waiting', until: this.#now + pairingTimeoutSeconds * 1000 });
        },
        onApproved: (result) => {
          this.#onApproved(result);
        },
        onLost: () => {
          if (this.#state.status === 'connecting') this.#setState({ status: 'reconnecting', why: 'lost' });
        },
        onDesktop: () => {
          this.#connectAnew();
        },
        onSignal: (payload) => {
          this.#onSignal(payload);
        },
        onEnd: (reason) => {
          this.#end(reason);
        },
        wasApproved: () => this.#memory.wasApproved,
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
          this.#setConnected();
        },
        onAlive: (isAlive) => {
          if (isAlive) this.#setConnected();
          else this.#onDirectLost();
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
          this.#remember({ ...this.#memory, deviceSecret });
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

  #makeRequest(): PairRequest {
    const { link, deviceInfo } = this.#options;
    return {
      type: 'pair_request',
      sessionID: link.sessionID,
      deviceInfo,
      peerToken: this.#memory.peerToken,
      auth: authOfPairRequest(this.#key, deviceInfo),
    };
  }

  #deriveKey(): AuthKey {
    const { sessionID, secret } = this.#options.link;
    return deriveAuthKey(sessionID, { linkSecret: secret, deviceSecret: this.#memory.deviceSecret });
  }

  #remember(memory: MobileMemory): void {
    this.#memory = memory;
    this.#key = this.#deriveKey();
    this.emit('memory', memory);
  }

  #setState(state: MobileState): void {
    this.#state = state;
    this.emit('state', state);
  }

  #setConnected(): void {
    this.#failedOffers = 0;
    this.#setState({ status: 'connected', expiresAt: this.#expiresAt });
  }

  #onApproved({ iceServers, expiresInSeconds, resumed }: PairResult): void {
    this.#iceServers = iceServers ?? [];
    this.#expiresAt = typeof expiresInSeconds === 'number' ? this.#now + expiresInSeconds * 1000 : null;
    if (!this.#memory.wasApproved) this.#remember({ ...this.#memory, wasApproved: true });
    if (this.#direct.works) this.#setConnected();
    else if (this.#state.status !== 'reconnecting') this.#setState({ status: 'connecting' });
    // Where the user was asked once more, the computer has dropped what was being opened before.
    if (resumed !== true) this.#direct.withdraw();
    this.#connectAnew();
  }

  /** The way to the computer is another one, or open again: an offer that has had no answer was perhaps not heard. */
  #connectAnew(): void {
    this.#direct.withdrawUnanswered();
    this.#connect();
  }

  #connect(): void {
    if (this.#direct.works || this.#direct.isOpening || !this.#seat.reachesDesktop) return;
    void this.#direct.offer(this.#key, this.#iceServers);
  }

  #onOfferFailed(): void {
    // Whether the computer heard of it at all is not known unless the server holds both.
    if (this.#seat.reachesDesktop && !this.#direct.works) this.#failedOffers += 1;
    if (this.#failedOffers >= maxFailedOffers) this.#end('no_direct_path');
    else this.#connect();
  }

  #onDirectGone(farewell: Farewell | undefined): void {
    // Said over the direct connection, so it is the computer's own word.
    if (farewell !== undefined) this.#end(farewell === 'left' ? 'closed_by_desktop' : farewell);
    else this.#onDirectLost();
  }

  #onDirectLost(): void {
    this.#setState({ status: 'reconnecting', why: 'lost' });
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
    this.#direct.close(reason === 'replaced' ? undefined : 'left');
    this.#seat.leave(reason);
  }
}
