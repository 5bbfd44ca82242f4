import {
  type AuthKey,
  authOfAnswer,
  type CandidatePayload,
  deviceSecretBytes,
  type IceServer,
  type RefusedCode,
  type Signal,
  type PeerPayload,
} from '@proxim/protocol';

import { DirectLink } from './direct-link.js';
import type { PeerEnvironment } from './environment.js';
import type { DirectChannel, DirectPath } from './rtc-engine.js';
import type { Farewell } from './session-channel.js';
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

type Offer = Extract<Signal, { kind: 'description' }>;

/** Offers whose session ids are remembered, so that a repeated one is not answered again. */
const maxRememberedOffers = 64;

/** The desktop's side of a session's direct connection: answers offers, and swaps connections without a gap. */
export class DesktopDirect {
  readonly #environment: PeerEnvironment;
  readonly #keys: SessionKeys;
  readonly #iceServers: () => readonly IceServer[];
  readonly #handlers: DesktopDirectHandlers;
  readonly #seenOffers = new Set<string>();
  #current: DirectLink | undefined;
  #next: DirectLink | undefined;
  #state: DesktopDirectState = 'closed';
  #closed = false;

  constructor(options: {
    readonly environment: PeerEnvironment;
    readonly keys: SessionKeys;
    readonly iceServers: () => readonly IceServer[];
    readonly handlers: DesktopDirectHandlers;
  }) {
    this.#environment = options.environment;
    this.#keys = options.keys;
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
    this.#next?.close();
    const link = this.#makeLink(key !== undefined);
    this.#next = link;
    if (this.#state === 'closed') this.#setState('connecting');
    const engine = await this.#environment.loadRtcEngine();
    if (this.#closed || this.#next !== link) return;
    const connection = engine.answer({ iceServers: this.#iceServers(), handlers: link.engineHandlers });
    link.attach(connection);
    try {
      const sdp = await connection.acceptOffer(offer.sdp);
      if (this.#next !== link && this.#current !== link) return;
      const auth = key ? { auth: authOfAnswer(key, offer.sdp, sdp) } : {};
      this.#handlers.send({ sdp, type: 'answer', ...auth });
      link.announced();
      link.described();
    } catch {
      link.close();
      if (this.#next === link) this.#next = undefined;
      this.refuse('bad_description');
      if (!this.#current) this.#setState('closed');
    }
  }

  addCandidate(candidate: CandidatePayload): void {
    (this.#next ?? this.#current)?.addRemoteCandidate(candidate);
  }

  /** Says to both sides that a description was not taken. */
  refuse(code: RefusedCode): void {
    this.#handlers.send({ candidate: '', refused: code });
    this.#handlers.onRefused(code);
  }

  path(): Promise<DirectPath | undefined> {
    return this.#current?.path() ?? Promise.resolve(undefined);
  }

  close(farewell: Farewell): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#next?.close();
    this.#current?.close(farewell);
    this.#next = undefined;
    this.#current = undefined;
    this.#setState('closed');
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
          if (message.type === 'device_secret_kept') this.#keys.deviceSecretKept();
        },
        onSessionChannel: () => {
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
    const previous = this.#current;
    this.#current = link;
    this.#next = undefined;
    previous?.close();
    this.#setState('connected');
  }

  #onGone(link: DirectLink): void {
    if (this.#next === link) this.#next = undefined;
    if (this.#current === link) this.#current = undefined;
    if (!this.#current && !this.#closed) this.#setState('disconnected');
  }

  #setState(state: DesktopDirectState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#handlers.onState(state);
  }
}
