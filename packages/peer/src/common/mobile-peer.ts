import {
  type AuthKey,
  authOfPairRequest,
  closeCodes,
  deriveAuthKey,
  type DeviceInfo,
  type IceServer,
  type Link,
  type PairResult,
  type PeerToken,
  readSignal,
  type ServerMessage,
  type ServerMessageOf,
  signalingUrl,
  type Timer,
} from '@proxim/protocol';

import type { PeerEnvironment } from './environment.js';
import { MobileDirect } from './mobile-direct.js';
import { randomFraction, randomPeerToken } from './random-ids.js';
import type { ChannelSpec, DirectChannel, DirectPath } from './rtc-engine.js';
import type { Farewell } from './session-channel.js';
import { SignalingConnection } from './signaling-connection.js';
import { TypedEvents } from './typed-events.js';

/** Why it is over, for a sentence to the user each. */
export type MobileEnd =
  | 'rejected_by_user'
  | 'timeout'
  | 'desktop_left'
  | 'expired'
  | 'closed_by_desktop'
  | 'desktop_lost'
  | 'server_shutdown'
  | 'too_many_attempts'
  | 'unverified'
  | 'blocked'
  | 'rejected'
  | 'session_not_found'
  | 'session_busy'
  | 'desktop_away'
  | 'rate_limited'
  | 'capacity'
  | 'unreachable'
  | 'replaced'
  | 'forged'
  | 'refused'
  | 'no_direct_path'
  | 'left';

/** How far the phone is on its way. Times in milliseconds of the environment's clock. */
export type MobileState =
  | { readonly status: 'idle' }
  /** Reaching the computer. */
  | { readonly status: 'reaching' }
  /** The computer's user is asked. */
  | { readonly status: 'waiting'; readonly until: number }
  /** Approved: the direct connection is being made. */
  | { readonly status: 'connecting' }
  | { readonly status: 'connected'; readonly expiresAt: number | null }
  /** It was connected, and is coming back by itself. */
  | { readonly status: 'reconnecting' }
  | { readonly status: 'ended'; readonly reason: MobileEnd };

/** What a phone keeps while a session lives, so that a reload comes back. */
export interface MobileMemory {
  readonly peerToken: PeerToken;
  /** `d`, once the computer has handed it over. */
  readonly deviceSecret: Uint8Array | undefined;
  /** Whether the computer's user has approved this phone in this session. */
  readonly wasApproved: boolean;
}

export interface MobilePeerEvents {
  state: MobileState;
  /** A channel is open; after a new direct connection they open anew. */
  channel: DirectChannel;
  /** Something worth keeping has changed. */
  memory: MobileMemory;
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

/** How long a phone looks for a computer or a session that was there before. */
const returnWithinMs = 60_000;
/** How many sockets in a row may fail before a phone that never got through says so. */
const firstAttempts = 4;
/** How long a direct connection may take to open. */
const openWithinMs = 20_000;
/** Direct connections in a row that did not open. */
const maxFailedOffers = 3;
/** Requests are counted by address: further ones come slower than the server's bucket refills. */
const askAgainMs = 3000;

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
  readonly #signaling: SignalingConnection;
  readonly #direct: MobileDirect;
  #memory: MobileMemory;
  #key: AuthKey;
  #state: MobileState = { status: 'idle' };
  #iceServers: readonly IceServer[] = [];
  #expiresAt: number | null = null;
  /** Whether the server holds us as this session's mobile just now. */
  #isPaired = false;
  #hasReached = false;
  #failedOffers = 0;
  #returnBy: number | undefined;
  #askTimer: Timer | undefined;
  #openTimer: Timer | undefined;

  constructor(options: MobilePeerOptions) {
    super();
    this.#options = options;
    const { environment, link } = options;
    this.#memory = options.memory ?? {
      peerToken: randomPeerToken(environment.randomBytes),
      deviceSecret: undefined,
      wasApproved: false,
    };
    this.#key = this.#deriveKey();
    this.#signaling = new SignalingConnection({
      url: signalingUrl(link),
      openWebSocket: environment.openWebSocket,
      clock: environment.clock,
      fraction: () => randomFraction(environment.randomBytes),
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
    this.#direct = new MobileDirect({
      environment,
      channels: options.channels,
      handlers: {
        onOpen: () => {
          this.#onDirectOpen();
        },
        onAlive: (isAlive) => {
          this.#onAlive(isAlive);
        },
        onGone: (farewell) => {
          this.#onDirectGone(farewell);
        },
        onChannel: (channel) => {
          this.emit('channel', channel);
        },
        onDeviceSecret: (deviceSecret) => {
          this.#remember({ ...this.#memory, deviceSecret });
        },
        onForged: () => {
          this.#end('forged');
        },
        send: (payload) => {
          this.#signaling.send({ type: 'signal', sessionID: link.sessionID, payload });
        },
      },
    });
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
    this.#setState({ status: this.#memory.wasApproved ? 'reconnecting' : 'reaching' });
    if (this.#memory.wasApproved) this.#startReturn();
    this.#signaling.start();
  }

  /** Leaves for good: the computer is told. */
  leave(): void {
    this.#end('left');
  }

  /** The page came to the front, or the network changed: looks at once whether everything still stands. */
  wake(): void {
    this.#signaling.wake();
  }

  path(): Promise<DirectPath | undefined> {
    return this.#direct.path();
  }

  get #now(): number {
    return this.#options.environment.clock.now();
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

  #request(): void {
    const { link, deviceInfo, pairingTimeoutSeconds = 40 } = this.#options;
    this.#askTimer?.cancel();
    this.#signaling.send({
      type: 'pair_request',
      sessionID: link.sessionID,
      deviceInfo,
      peerToken: this.#memory.peerToken,
      auth: authOfPairRequest(this.#key, deviceInfo),
    });
    if (this.#state.status !== 'reaching') return;
    this.#setState({ status: 'waiting', until: this.#now + pairingTimeoutSeconds * 1000 });
  }

  #onMessage(message: ServerMessage): void {
    switch (message.type) {
      case 'pair_result':
        if (message.status === 'approved') this.#onApproved(message);
        else this.#end(endOfRejection(message.reason));
        break;
      case 'signal':
        this.#onSignal(message.payload);
        break;
      case 'peer_state':
        this.#onDesktopPresence(message.state);
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

  #onApproved({ iceServers, expiresInSeconds }: PairResult): void {
    this.#isPaired = true;
    this.#returnBy = undefined;
    this.#iceServers = iceServers ?? [];
    this.#expiresAt = typeof expiresInSeconds === 'number' ? this.#now + expiresInSeconds * 1000 : null;
    if (!this.#memory.wasApproved) this.#remember({ ...this.#memory, wasApproved: true });
    if (this.#direct.isOpen) {
      this.#setState({ status: 'connected', expiresAt: this.#expiresAt });
      return;
    }
    if (this.#state.status !== 'reconnecting') this.#setState({ status: 'connecting' });
    this.#offer();
  }

  #offer(): void {
    if (this.#direct.isOpening || !this.#isPaired) return;
    this.#openTimer?.cancel();
    this.#openTimer = this.#options.environment.clock.setTimer(openWithinMs, () => {
      this.#onOfferFailed();
    });
    void this.#direct.offer(this.#key, this.#iceServers);
  }

  #onOfferFailed(): void {
    this.#failedOffers += 1;
    if (this.#failedOffers >= maxFailedOffers && this.#isPaired) {
      this.#end('no_direct_path');
      return;
    }
    this.#direct.close();
    this.#offer();
  }

  #onDirectOpen(): void {
    this.#openTimer?.cancel();
    this.#failedOffers = 0;
    this.#setState({ status: 'connected', expiresAt: this.#expiresAt });
  }

  #onAlive(isAlive: boolean): void {
    if (isAlive) {
      this.#setState({ status: 'connected', expiresAt: this.#expiresAt });
      return;
    }
    this.#setState({ status: 'reconnecting' });
    this.#signaling.wake();
    this.#offer();
  }

  #onDirectGone(farewell: Farewell | undefined): void {
    if (this.#state.status === 'ended') return;
    if (farewell !== undefined) {
      // Said over the direct connection, so it is the computer's own word.
      this.#end(farewell === 'left' ? 'closed_by_desktop' : farewell);
      return;
    }
    if (this.#state.status === 'connected') this.#setState({ status: 'reconnecting' });
    this.#signaling.wake();
    if (this.#isPaired) this.#offer();
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
        this.#onRefused();
        break;
      case 'unreadable':
        break;
      default:
        signal satisfies never;
    }
  }

  /** A courtesy that a relay could forge: it ends nothing that works. */
  #onRefused(): void {
    if (!this.#direct.isOpen) this.#end('refused');
  }

  #onDesktopPresence(state: 'connected' | 'lost' | 'left'): void {
    if (state === 'connected' && !this.#direct.isOpen) this.#offer();
  }

  #onSessionClosed({ reason, reconnectAfterSeconds }: ServerMessageOf<'session_closed'>): void {
    this.#isPaired = false;
    switch (reason) {
      case 'desktop_lost':
      case 'server_shutdown':
        if (!this.#memory.wasApproved) {
          this.#end(reason);
          return;
        }
        if (reconnectAfterSeconds !== undefined) this.#signaling.notBefore(reconnectAfterSeconds);
        this.#startReturn();
        if (reason === 'desktop_lost') this.#askAgain(reason);
        break;
      case 'expired':
      case 'closed_by_desktop':
      case 'too_many_attempts':
        this.#end(reason);
        break;
      default:
        this.#end('closed_by_desktop');
    }
  }

  #onError({ code, replyTo }: ServerMessageOf<'error'>): void {
    if (replyTo !== undefined && replyTo !== 'pair_request') return;
    switch (code) {
      case 'session_not_found':
        if (this.#memory.wasApproved) this.#askAgain('session_not_found');
        else this.#end('session_not_found');
        break;
      case 'peer_unavailable':
        this.#askAgain('desktop_away');
        break;
      case 'rate_limited':
        if (this.#memory.wasApproved) this.#askAgain('rate_limited');
        else this.#end('rate_limited');
        break;
      case 'session_busy':
        this.#end('session_busy');
        break;
      case 'capacity':
        this.#end('capacity');
        break;
      case 'shutting_down':
        break;
      default:
        if (replyTo === 'pair_request') this.#end('rejected');
    }
  }

  /** From now on there are 60 s to find the way back; a direct connection that is open needs none. */
  #startReturn(): void {
    this.#returnBy ??= this.#now + returnWithinMs;
  }

  #askAgain(otherwise: MobileEnd): void {
    this.#startReturn();
    if (this.#isTooLate()) {
      if (!this.#direct.isOpen) this.#end(otherwise);
      return;
    }
    this.#askTimer?.cancel();
    this.#askTimer = this.#options.environment.clock.setTimer(askAgainMs, () => {
      this.#request();
    });
  }

  #isTooLate(): boolean {
    return this.#returnBy !== undefined && this.#now >= this.#returnBy;
  }

  #onSocketDown(code: number, attempts: number): void {
    this.#isPaired = false;
    this.#askTimer?.cancel();
    if (code === closeCodes.replaced) {
      this.#end('replaced');
      return;
    }
    if (!this.#hasReached) {
      if (attempts >= firstAttempts && !this.#memory.wasApproved) this.#end('unreachable');
      else if (this.#memory.wasApproved) this.#endIfTooLate();
      return;
    }
    this.#startReturn();
    if (this.#state.status === 'connecting') this.#setState({ status: 'reconnecting' });
    this.#endIfTooLate();
  }

  #endIfTooLate(): void {
    if (this.#isTooLate() && !this.#direct.isOpen) this.#end('unreachable');
  }

  #end(reason: MobileEnd): void {
    if (this.#state.status === 'ended') return;
    this.#askTimer?.cancel();
    this.#openTimer?.cancel();
    this.#isPaired = false;
    this.#setState({ status: 'ended', reason });
    if (reason === 'replaced') this.#direct.close();
    else this.#direct.close('left');
    if (reason === 'replaced') this.#signaling.abandon();
    else this.#signaling.stop();
  }
}

const knownRejections: readonly MobileEnd[] = [
  'rejected_by_user',
  'timeout',
  'desktop_left',
  'expired',
  'server_shutdown',
  'unverified',
  'blocked',
];

const endOfRejection = (reason: string | undefined): MobileEnd =>
  knownRejections.find((known) => known === reason) ?? (reason === undefined ? 'rejected_by_user' : 'rejected');
