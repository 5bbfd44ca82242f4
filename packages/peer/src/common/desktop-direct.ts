import {
  type AuthKey,
  authOfAnswer,
  type CandidatePayload,
  deviceSecretBytes,
  type IceServer,
  type RefusedCode,
  type PeerPayload,
  type SessionType,
  type Signal,
  type Timer,
} from '@proxim/protocol';

import { DirectLink, maxQueuedCandidates } from './direct-link.js';
import type { PeerEnvironment } from './environment.js';
import type { AnsweringConnection, DirectChannel, DirectPath } from './rtc-engine.js';
import type { Farewell, SessionChannelMessage } from './session-channel.js';
import { originIdOf } from './sdp.js';
import type { SessionKeys } from './session-keys.js';

/** How the direct connection stands, as `proxim --json` says it. */
export type DesktopDirectState = 'connecting' | 'connected' | 'disconnected' | 'closed';

export interface DesktopDirectHandlers {
  onState(state: DesktopDirectState): void;
  onChannel(channel: DirectChannel): void;
  onRefused(code: RefusedCode): void;
  /** Sends a `signal`'s payload to the phone; lost when nobody is there. */
  send(payload: PeerPayload): void;
}

export type Offer = Extract<Signal, { kind: 'description' }>;

/** Offers whose session ids are remembered, so that a repeated one is not answered again. */
const maxRememberedOffers = 1000;
/** How long an answered connection may take to open. Our own phone offers anew long before. */
const openWithinMs = 60_000;

/** The desktop's side of a session's direct connection: answers offers, and swaps connections without a gap. */
export class DesktopDirect {
  readonly #environment: PeerEnvironment;
  readonly #keys: SessionKeys;
  readonly #sessionType: SessionType;
  readonly #iceServers: () => readonly IceServer[];
  readonly #handlers: DesktopDirectHandlers;
  readonly #seenOffers = new Set<string>();
  #current: DirectLink | undefined;
  #next: DirectLink | undefined;
  /** Candidates that came before any offer. */
  #early: CandidatePayload[] = [];
  #openTimer: Timer | undefined;
  #state: DesktopDirectState = 'closed';
  #wasOpen = false;
  #closed = false;

  constructor(options: {
    readonly environment: PeerEnvironment;
    readonly keys: SessionKeys;
    readonly sessionType: SessionType;
    readonly iceServers: () => readonly IceServer[];
    readonly handlers: DesktopDirectHandlers;
  }) {
    this.#environment = options.environment;
    this.#keys = options.keys;
    this.#sessionType = options.sessionType;
    this.#iceServers = options.iceServers;
    this.#handlers = options.handlers;
  }

  get state(): DesktopDirectState {
    return this.#state;
  }

  /** Whether this offer comes from a connection that has not offered before. */
  isNew(offer: Offer): boolean {
    const origin = originIdOf(offer.sdp);
    return origin === undefined || !this.#seenOffers.has(origin);
  }

  /**
   * Answers an offer that the session has let pass.
   *
   * @param key authenticates the answer; undefined for a phone that did not prove that it read the QR code
   */
  async answer(offer: Offer, key: AuthKey | undefined): Promise<void> {
    const origin = originIdOf(offer.sdp);
    if (origin === undefined) {
      this.refuse('bad_description');
      return;
    }
    this.#remember(origin);
    if (this.#next) this.#dropNext(this.#next);
    const link = this.#makeLink(key !== undefined);
    this.#next = link;
    for (const candidate of this.#early.splice(0)) link.addRemoteCandidate(candidate);
    if (this.#state === 'closed') this.#setState('connecting');
    this.#openTimer = this.#environment.clock.setTimer(openWithinMs, () => {
      this.#onGone(link);
    });
    const connection = await this.#makeConnection(link);
    if (!connection) {
      this.#onGone(link);
      return;
    }
    try {
      const sdp = await connection.acceptOffer(offer.sdp);
      if (this.#next !== link && this.#current !== link) return;
      const auth = key ? { auth: authOfAnswer(key, offer.sdp, sdp) } : {};
      this.#handlers.send({ sdp, type: 'answer', ...auth });
      link.announced();
      link.described();
    } catch {
      if (this.#next !== link) return;
      this.refuse('bad_description');
      this.#onGone(link);
    }
  }

  addCandidate(candidate: CandidatePayload): void {
    const link = this.#next ?? this.#current;
    if (link) link.addRemoteCandidate(candidate);
    else if (this.#early.length < maxQueuedCandidates) this.#early.push(candidate);
  }

  /** Says to both sides that a description was not taken. */
  refuse(code: RefusedCode): void {
    this.#handlers.send({ candidate: '', refused: code });
    this.#handlers.onRefused(code);
  }

  /** Says something to the phone over the connection that counts; nothing where there is none. */
  say(message: SessionChannelMessage): void {
    this.#current?.send(message);
  }

  path(): Promise<DirectPath | undefined> {
    return this.#current?.path() ?? Promise.resolve(undefined);
  }

  close(farewell: Farewell): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#early = [];
    if (this.#next) this.#dropNext(this.#next);
    this.#current?.close(farewell);
    this.#current = undefined;
    this.#setState('closed');
  }

  /** Ends what is open and what is opening: it belongs to a phone that is not this session's any more. */
  drop(): void {
    this.#early = [];
    if (this.#next) this.#dropNext(this.#next);
    this.#current?.close();
    this.#current = undefined;
    this.#setStateWithout();
  }

  /** The engine's connection for this link; undefined where it cannot be made, or is not wanted any more. */
  async #makeConnection(link: DirectLink): Promise<AnsweringConnection | undefined> {
    try {
      const engine = await this.#environment.loadRtcEngine();
      if (this.#closed || this.#next !== link) return undefined;
      const connection = engine.answer({ iceServers: this.#iceServers(), handlers: link.engineHandlers });
      link.attach(connection);
      return connection;
    } catch {
      return undefined;
    }
  }

  #dropNext(link: DirectLink): void {
    this.#openTimer?.cancel();
    this.#next = undefined;
    link.close();
  }

  #remember(origin: string): void {
    this.#seenOffers.add(origin);
    for (const oldest of this.#seenOffers) {
      if (this.#seenOffers.size <= maxRememberedOffers) break;
      this.#seenOffers.delete(oldest);
    }
  }

  #makeLink(isVerified: boolean): DirectLink {
    const link: DirectLink = new DirectLink({
      clock: this.#environment.clock,
      // A phone that opens no channel of ours is connected all the same.
      requiredChannels: 0,
      handlers: {
        onCandidate: (candidate) => {
          this.#handlers.send({ ...candidate });
        },
        onOpen: () => {
          this.#onOpen(link);
        },
        onAlive: (isAlive) => {
          if (this.#current === link) this.#setState(isAlive ? 'connected' : 'disconnected');
        },
        onGone: () => {
          this.#onGone(link);
        },
        onSessionMessage: (message) => {
          if (isVerified && message.type === 'device_secret_kept') this.#keys.deviceSecretKept();
        },
        onSessionChannel: () => {
          link.send({ type: 'session', sessionType: this.#sessionType });
          if (isVerified) this.#handOverSecret(link);
        },
        onChannel: (channel) => {
          this.#handlers.onChannel(channel);
        },
      },
    });
    return link;
  }

  #handOverSecret(link: DirectLink): void {
    const secret = this.#keys.secretToHandOver(() => this.#environment.randomBytes(deviceSecretBytes));
    if (secret) link.send({ type: 'device_secret', secret });
  }

  #onOpen(link: DirectLink): void {
    if (this.#next !== link) return;
    this.#openTimer?.cancel();
    const previous = this.#current;
    this.#current = link;
    this.#next = undefined;
    this.#wasOpen = true;
    previous?.close();
    this.#setState('connected');
  }

  #onGone(link: DirectLink): void {
    if (this.#next === link) this.#dropNext(link);
    else if (this.#current === link) this.#current = undefined;
    else return;
    this.#setStateWithout();
  }

  /** A connection that never opened was no disconnect. */
  #setStateWithout(): void {
    if (this.#current || this.#closed) return;
    if (this.#wasOpen) this.#setState('disconnected');
    else this.#setState(this.#next ? 'connecting' : 'closed');
  }

  #setState(state: DesktopDirectState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#handlers.onState(state);
  }
}
