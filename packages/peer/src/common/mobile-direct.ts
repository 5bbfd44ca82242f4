import {
  type AuthKey,
  authOfAnswer,
  authOfOffer,
  type CandidatePayload,
  type IceServer,
  judgeAuth,
  type PeerPayload,
  type RefusedCode,
  type Signal,
} from '@proxim/protocol';

import { DirectLink } from './direct-link.js';
import type { PeerEnvironment } from './environment.js';
import type { ChannelSpec, DirectChannel, DirectPath, OfferingConnection } from './rtc-engine.js';
import { type Farewell, sessionChannel } from './session-channel.js';

export interface MobileDirectHandlers {
  onOpen(): void;
  onAlive(isAlive: boolean): void;
  /** The connection that carried control is over, and no newer one is open. */
  onGone(farewell: Farewell | undefined): void;
  onChannel(channel: DirectChannel): void;
  onDeviceSecret(secret: Uint8Array): void;
  /** The answer was not made by the computer whose code was read. */
  onForged(code: RefusedCode): void;
  send(payload: PeerPayload): void;
}

type Answer = Extract<Signal, { kind: 'description' }>;

interface Offered {
  readonly link: DirectLink;
  readonly connection: OfferingConnection;
  readonly sdp: string;
  readonly key: AuthKey;
}

/** Offers that were replaced by newer ones: an answer to one of them is late, and not forged. */
const maxEarlierOffers = 8;

/** The phone's side of the direct connection: offers, and checks who answers. */
export class MobileDirect {
  readonly #environment: PeerEnvironment;
  readonly #channels: readonly ChannelSpec[];
  readonly #handlers: MobileDirectHandlers;
  readonly #earlierOffers: { sdp: string; key: AuthKey }[] = [];
  #current: DirectLink | undefined;
  #opening: DirectLink | undefined;
  #offered: Offered | undefined;

  constructor(options: {
    readonly environment: PeerEnvironment;
    readonly channels: readonly ChannelSpec[];
    readonly handlers: MobileDirectHandlers;
  }) {
    this.#environment = options.environment;
    this.#channels = [sessionChannel, ...options.channels];
    this.#handlers = options.handlers;
  }

  get isOpen(): boolean {
    return this.#current !== undefined;
  }

  get isOpening(): boolean {
    return this.#opening !== undefined;
  }

  /** Offers a new connection. The one that is open goes on until the new one is. */
  async offer(key: AuthKey, iceServers: readonly IceServer[]): Promise<void> {
    this.#abandonOffer();
    const link = this.#makeLink();
    this.#opening = link;
    const engine = await this.#environment.loadRtcEngine();
    if (this.#opening !== link) return;
    const connection = engine.offer({ iceServers, channels: this.#channels, handlers: link.engineHandlers });
    link.attach(connection);
    const sdp = await connection.createOffer();
    if (this.#opening !== link) return;
    this.#offered = { link, connection, sdp, key };
    this.#handlers.send({ sdp, type: 'offer', auth: authOfOffer(key, sdp) });
    link.announced();
  }

  async acceptAnswer(answer: Answer): Promise<void> {
    const offered = this.#offered;
    if (!offered) return;
    const verdict = judgeAuth(authOfAnswer(offered.key, offered.sdp, answer.sdp), answer.auth);
    if (verdict !== 'right') {
      if (this.#answersEarlierOffer(answer)) return;
      this.#refuse(verdict === 'missing' ? 'auth_missing' : 'auth_wrong');
      return;
    }
    this.#offered = undefined;
    try {
      await offered.connection.acceptAnswer(answer.sdp);
      offered.link.described();
    } catch {
      this.#refuse('bad_description');
    }
  }

  addCandidate(candidate: CandidatePayload): void {
    (this.#opening ?? this.#current)?.addRemoteCandidate(candidate);
  }

  path(): Promise<DirectPath | undefined> {
    return this.#current?.path() ?? Promise.resolve(undefined);
  }

  close(farewell?: Farewell): void {
    this.#abandonOffer();
    this.#current?.close(farewell);
    this.#current = undefined;
  }

  #abandonOffer(): void {
    const offered = this.#offered;
    if (offered) {
      this.#earlierOffers.push({ sdp: offered.sdp, key: offered.key });
      if (this.#earlierOffers.length > maxEarlierOffers) this.#earlierOffers.shift();
    }
    this.#offered = undefined;
    this.#opening?.close();
    this.#opening = undefined;
  }

  #answersEarlierOffer(answer: Answer): boolean {
    return this.#earlierOffers.some(
      ({ sdp, key }) => judgeAuth(authOfAnswer(key, sdp, answer.sdp), answer.auth) === 'right',
    );
  }

  #refuse(code: RefusedCode): void {
    this.#handlers.send({ candidate: '', refused: code });
    this.#handlers.onForged(code);
  }

  #makeLink(): DirectLink {
    const link: DirectLink = new DirectLink({
      clock: this.#environment.clock,
      requiredChannels: this.#channels.length,
      handlers: {
        onCandidate: (candidate) => {
          this.#handlers.send({ ...candidate });
        },
        onOpen: () => {
          this.#onOpen(link);
        },
        onAlive: (isAlive) => {
          if (this.#current === link) this.#handlers.onAlive(isAlive);
        },
        onGone: (farewell) => {
          this.#onGone(link, farewell);
        },
        onSessionChannel: () => undefined,
        onSessionMessage: (message) => {
          if (message.type !== 'device_secret') return;
          this.#handlers.onDeviceSecret(message.secret);
          link.send({ type: 'device_secret_kept' });
        },
        onChannel: (channel) => {
          this.#handlers.onChannel(channel);
        },
      },
    });
    return link;
  }

  #onOpen(link: DirectLink): void {
    if (this.#opening !== link) return;
    const previous = this.#current;
    this.#current = link;
    this.#opening = undefined;
    previous?.close();
    this.#handlers.onOpen();
  }

  #onGone(link: DirectLink, farewell: Farewell | undefined): void {
    if (this.#opening === link) {
      this.#opening = undefined;
      if (this.#offered?.link === link) this.#offered = undefined;
      if (!this.#current) this.#handlers.onGone(farewell);
      return;
    }
    if (this.#current !== link) return;
    this.#current = undefined;
    this.#handlers.onGone(farewell);
  }
}
