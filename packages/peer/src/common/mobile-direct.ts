import {
  type AuthKey,
  authOfAnswer,
  authOfOffer,
  type CandidatePayload,
  type IceServer,
  judgeAuth,
  type PeerPayload,
  type RefusedCode,
  type SessionType,
  type Signal,
  type Timer,
} from '@proxim/protocol';

import { DirectLink } from './direct-link.js';
import type { PeerEnvironment } from './environment.js';
import type { ChannelSpec, DirectChannel, DirectPath, OfferingConnection } from './rtc-engine.js';
import { type Farewell, sessionChannel, type SessionChannelMessage } from './session-channel.js';

export interface MobileDirectHandlers {
  onOpen(): void;
  onAlive(isAlive: boolean): void;
  /** The connection that carried control is over. */
  onGone(farewell: Farewell | undefined): void;
  /** A connection that was offered came to nothing. */
  onFailed(): void;
  onChannel(channel: DirectChannel): void;
  /** The computer says what kind of session this is. */
  onSessionType(sessionType: SessionType): void;
  onDeviceSecret(secret: Uint8Array): void;
  /** The computer's network has changed: a new connection is wanted while this one still works. */
  onRenew(): void;
  /** The computer is about to sleep. */
  onAsleep(): void;
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

/** Offers that are remembered: an answer to one that is not the last is late or repeated, and not forged. */
const maxEarlierOffers = 8;
/** How long an offered connection may take to open. */
const openWithinMs = 20_000;
/** How long the newer page of this phone may take to swap connections. */
const swapWithinMs = 10_000;

/** The phone's side of the direct connection: offers, and checks who answers. */
export class MobileDirect {
  readonly #environment: PeerEnvironment;
  readonly #channels: readonly ChannelSpec[];
  readonly #handlers: MobileDirectHandlers;
  readonly #sentOffers: { readonly sdp: string; readonly key: AuthKey }[] = [];
  #current: DirectLink | undefined;
  #opening: DirectLink | undefined;
  /** What was offered last, until it is answered. */
  #offered: Offered | undefined;
  #isAnswered = false;
  #openTimer: Timer | undefined;
  #retired: { readonly link: DirectLink; readonly timer: Timer } | undefined;
  /** Whether an answer may yet come to an offer of a page before this one, which nobody remembers. */
  #mayHearEarlierPage: boolean;
  /** Whether the last offer was answered, perhaps in the place of an earlier page's, and not rightly since. */
  #isDoubtful = false;

  constructor(options: {
    readonly environment: PeerEnvironment;
    readonly channels: readonly ChannelSpec[];
    /** Whether an earlier page of the same session may have offered. */
    readonly hasEarlierPage: boolean;
    readonly handlers: MobileDirectHandlers;
  }) {
    this.#environment = options.environment;
    this.#channels = [sessionChannel, ...options.channels];
    this.#handlers = options.handlers;
    this.#mayHearEarlierPage = options.hasEarlierPage;
  }

  /** Whether a connection is open, and the computer was heard of late. */
  get works(): boolean {
    return this.#current?.works ?? false;
  }

  get isOpening(): boolean {
    return this.#opening !== undefined;
  }

  /** Offers a new connection. The one that is open goes on until the new one is. */
  async offer(key: AuthKey, iceServers: readonly IceServer[]): Promise<void> {
    this.#abandonOffer();
    const link = this.#makeLink();
    this.#opening = link;
    this.#isAnswered = false;
    this.#isDoubtful = false;
    this.#openTimer = this.#environment.clock.setTimer(openWithinMs, () => {
      if (this.#opening === link && this.#isDoubtful) this.#refuse('auth_wrong');
      else this.#fail(link);
    });
    try {
      const engine = await this.#environment.loadRtcEngine();
      if (this.#opening !== link) return;
      const connection = engine.offer({ iceServers, channels: this.#channels, handlers: link.engineHandlers });
      link.attach(connection);
      const sdp = await connection.createOffer();
      if (this.#opening !== link) return;
      this.#offered = { link, connection, sdp, key };
      this.#remember({ sdp, key });
      this.#handlers.send({ sdp, type: 'offer', auth: authOfOffer(key, sdp) });
      link.announced();
    } catch {
      this.#fail(link);
    }
  }

  /** Another page of this phone had the seat until now: an answer to its offer may come here. */
  tookOver(): void {
    this.#mayHearEarlierPage = true;
  }

  /** Gives up an offer that has had no answer: it, or its answer, may have been lost on the way. */
  withdrawUnanswered(): void {
    if (!this.#isAnswered) this.#abandonOffer();
  }

  /** Gives up whatever is being opened. */
  withdraw(): void {
    this.#abandonOffer();
  }

  async acceptAnswer(answer: Answer): Promise<void> {
    const offered = this.#offered;
    if (!offered) return;
    const verdict = judgeAuth(authOfAnswer(offered.key, offered.sdp, answer.sdp), answer.auth);
    if (verdict !== 'right') {
      this.#onWrongAnswer(answer, verdict);
      return;
    }
    this.#mayHearEarlierPage = false;
    this.#isDoubtful = false;
    this.#offered = undefined;
    this.#isAnswered = true;
    try {
      await offered.connection.acceptAnswer(answer.sdp);
      offered.link.described();
    } catch {
      if (this.#opening !== offered.link) return;
      this.#handlers.send({ candidate: '', refused: 'bad_description' });
      this.#fail(offered.link);
    }
  }

  addCandidate(candidate: CandidatePayload): void {
    (this.#opening ?? this.#current)?.addRemoteCandidate(candidate);
  }

  path(): Promise<DirectPath | undefined> {
    return this.#current?.path() ?? Promise.resolve(undefined);
  }

  /** There is reason to believe that the computer is gone. */
  doubt(): void {
    this.#current?.doubt();
  }

  /**
   * Another page of this phone has taken over. The connection carries nothing from here on, but stays until the computer
   * has swapped it for the other page's: without a gap, and so that a session which ends at its first disconnect goes on.
   */
  retire(): void {
    this.#abandonOffer();
    const link = this.#current;
    this.#current = undefined;
    if (!link) return;
    link.retire();
    const timer = this.#environment.clock.setTimer(swapWithinMs, () => {
      this.#endRetired();
    });
    this.#retired = { link, timer };
  }

  close(farewell?: Farewell): void {
    this.#abandonOffer();
    this.#endRetired();
    this.#current?.close(farewell);
    this.#current = undefined;
  }

  #endRetired(): void {
    this.#retired?.timer.cancel();
    this.#retired?.link.close();
    this.#retired = undefined;
  }

  #abandonOffer(): void {
    this.#openTimer?.cancel();
    this.#offered = undefined;
    this.#opening?.close();
    this.#opening = undefined;
  }

  #fail(link: DirectLink): void {
    if (this.#opening !== link) return;
    this.#abandonOffer();
    this.#handlers.onFailed();
  }

  #remember(offer: { readonly sdp: string; readonly key: AuthKey }): void {
    this.#sentOffers.push(offer);
    if (this.#sentOffers.length > maxEarlierOffers) this.#sentOffers.shift();
  }

  #onWrongAnswer(answer: Answer, verdict: 'missing' | 'wrong'): void {
    const isLate = this.#sentOffers.some(
      ({ sdp, key }) => judgeAuth(authOfAnswer(key, sdp, answer.sdp), answer.auth) === 'right',
    );
    if (isLate) return;
    if (verdict === 'wrong' && this.#mayHearEarlierPage) this.#isDoubtful = true;
    else this.#refuse(verdict === 'missing' ? 'auth_missing' : 'auth_wrong');
  }

  #refuse(code: RefusedCode): void {
    this.#abandonOffer();
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
          else if (!isAlive && this.#retired?.link === link) this.#endRetired();
        },
        onGone: (farewell) => {
          this.#onGone(link, farewell);
        },
        onSessionChannel: () => undefined,
        onSessionMessage: (message) => {
          this.#onSessionMessage(link, message);
        },
        onChannel: (channel) => {
          this.#handlers.onChannel(channel);
        },
      },
    });
    return link;
  }

  #onSessionMessage(link: DirectLink, message: SessionChannelMessage): void {
    if (this.#retired) return;
    switch (message.type) {
      case 'session':
        this.#handlers.onSessionType(message.sessionType);
        break;
      case 'device_secret':
        this.#handlers.onDeviceSecret(message.secret);
        link.send({ type: 'device_secret_kept' });
        break;
      case 'renew':
        if (this.#current === link) this.#handlers.onRenew();
        break;
      case 'asleep':
        if (this.#current === link) this.#handlers.onAsleep();
        break;
      case 'alive':
      case 'device_secret_kept':
      case 'bye':
        break;
      default:
        message satisfies never;
    }
  }

  #onOpen(link: DirectLink): void {
    if (this.#opening !== link) return;
    this.#openTimer?.cancel();
    const previous = this.#current;
    this.#current = link;
    this.#opening = undefined;
    previous?.close();
    this.#handlers.onOpen();
  }

  #onGone(link: DirectLink, farewell: Farewell | undefined): void {
    if (this.#retired?.link === link) {
      this.#endRetired();
      return;
    }
    if (this.#current === link) this.#current = undefined;
    else if (this.#opening === link && farewell === undefined) {
      this.#fail(link);
      return;
    } else if (this.#opening === link) this.#abandonOffer();
    else return;
    this.#handlers.onGone(farewell);
  }
}
