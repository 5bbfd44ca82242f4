import {
  type DeviceInfo,
  type IceServer,
  type Link,
  type PairPrompt,
  type PeerPresence,
  type PeerToken,
  type PromptID,
  readSignal,
  type ServerMessageOf,
  type SessionCreate,
  type SessionID,
  type SessionType,
  type Timer,
} from '@proxim/protocol';

import { DesktopDirect, type DesktopDirectState, type Offer } from './desktop-direct.js';
import { DesktopPairing } from './desktop-pairing.js';
import type { Prompt } from './desktop-pairing-state.js';
import type { DesktopSessionHandlers, DesktopSessionOptions, SessionEnd } from './desktop-session-options.js';
import type { PeerEnvironment } from './environment.js';
import type { IceServerBook } from './ice-server-book.js';
import type { DirectPath } from './rtc-engine.js';
import type { KeptSession } from './kept-session.js';
import type { SessionChannelMessage } from './session-channel.js';
import { SessionKeys } from './session-keys.js';
import { SessionLifetime } from './session-lifetime.js';

/** A server's TURN credentials for a session without an end are good for a day: half of it is early enough. */
const askAnewMs = 43_200_000;

type SessionCreated = ServerMessageOf<'session_created'>;

/** A session as the desktop knows it: the relay is not believed in what can be known here. */
export class DesktopSession {
  readonly sessionID: SessionID;
  readonly uuid: string;
  readonly sessionType: SessionType;
  readonly peerToken: PeerToken;
  readonly keys: SessionKeys;
  readonly #environment: PeerEnvironment;
  readonly #handlers: DesktopSessionHandlers;
  readonly #pairing: DesktopPairing;
  readonly #direct: DesktopDirect;
  readonly #lifetime: SessionLifetime;
  readonly #iceServerBook: IceServerBook;
  #iceServers: readonly IceServer[] = [];
  #iceServersTimer: Timer | undefined;
  #isKnown = false;
  #over = false;

  constructor(options: DesktopSessionOptions) {
    const { environment, sessionID, sessionType, ttlSeconds, known } = options;
    this.#environment = environment;
    this.#handlers = options.handlers;
    this.sessionID = sessionID;
    this.uuid = options.uuid;
    this.sessionType = sessionType;
    this.peerToken = options.peerToken;
    this.#iceServerBook = options.iceServerBook;
    this.keys = new SessionKeys(sessionID, options.linkSecret, {
      known: known?.deviceSecret,
      onDeviceSecret: () => {
        this.#keep();
      },
    });
    this.#pairing = this.#makePairing(options.unverified, known?.device);
    this.#direct = this.#makeDirect();
    this.#lifetime = new SessionLifetime({
      clock: environment.clock,
      sessionType,
      ttlSeconds,
      handlers: {
        onExpired: (serverKnows) => {
          // A `session_close` would say that the user ended it.
          this.end('expired', !serverKnows);
        },
        onNeverConnected: () => {
          this.end('closed_by_desktop', true);
        },
      },
    });
  }

  /** When the session ends by itself, in milliseconds of the environment's clock; null when it does not. */
  get expiresAt(): number | null {
    return this.#lifetime.expiresAt;
  }

  get device(): DeviceInfo | undefined {
    return this.#pairing.paired?.device;
  }

  get isVerified(): boolean {
    return this.#pairing.paired?.verified ?? false;
  }

  get directState(): DesktopDirectState {
    return this.#direct.state;
  }

  /** STUN and TURN servers that the signaling server named. */
  get iceServers(): readonly IceServer[] {
    return this.#iceServers;
  }

  /** The question that waits for an answer, if there is one. */
  get prompt(): Prompt | undefined {
    return this.#pairing.prompt;
  }

  /** What outlives the program; undefined where nothing does, or nobody could be known again by it. */
  get kept(): KeptSession | undefined {
    const { sessionID, uuid, peerToken, device, keys } = this;
    const { linkSecret, deviceSecret } = keys;
    if (this.sessionType !== 'persistent' || !this.isVerified || !device || !deviceSecret) return undefined;
    return { sessionID, uuid, peerToken, linkSecret, deviceSecret, device };
  }

  /** Says something to the phone over the direct connection, where there is one. */
  say(message: SessionChannelMessage): void {
    this.#direct.say(message);
  }

  path(): Promise<DirectPath | undefined> {
    return this.#direct.path();
  }

  link(page: Pick<Link, 'origin' | 'computerName' | 'signaling'>): Link {
    return { ...page, sessionID: this.sessionID, uuid: this.uuid, secret: this.keys.linkSecret };
  }

  /** What tells the server of this session, the first time and each time that it has to be told again. */
  createMessage(token: string | undefined): SessionCreate {
    const { sessionID, uuid, sessionType, peerToken } = this;
    const { secondsLeft } = this.#lifetime;
    return {
      type: 'session_create',
      sessionID,
      uuid,
      sessionType,
      ...(sessionType === 'temporary' && secondsLeft !== null ? { ttlSeconds: secondsLeft } : {}),
      peerToken,
      ...(token === undefined ? {} : { token }),
    };
  }

  /** Whether a server has ever taken this session. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** @param resumed whether the server still knew the session; otherwise nobody waits there or is let in any more */
  onCreated({ iceServers = [], expiresInSeconds }: SessionCreated, resumed: boolean): void {
    this.#isKnown = true;
    this.#takeIceServers(iceServers);
    this.#lifetime.onServerTells(expiresInSeconds);
    if (!resumed) this.#pairing.onForgotten();
  }

  onPairPrompt(message: PairPrompt): void {
    this.#pairing.onPairPrompt(message);
  }

  onPairCancel(promptID: PromptID | undefined, reason: string): void {
    this.#pairing.onPairCancel(promptID, reason);
  }

  /** The server did not take the answer to its question: the request was over before. */
  onAnswerRefused(): void {
    this.#pairing.onAnswerRefused();
  }

  /** Answers the open question. False when that question is not open (any more). */
  respond(
    approved: boolean,
    options: { readonly promptID?: string | undefined; readonly reason?: string | undefined },
  ): boolean {
    return this.#pairing.respond(approved, options);
  }

  /** Turns the device away that asks, and all that it asks later. False when that question is not open (any more). */
  block(options: { readonly promptID?: string | undefined }): boolean {
    return this.#pairing.block(options);
  }

  onPresence(presence: PeerPresence): void {
    this.#pairing.confirm();
    this.#handlers.onPhonePresence(this.sessionID, presence);
  }

  onSignal(payload: unknown): void {
    // Approval is what was decided here, whatever the relay forwards.
    if (!this.#pairing.admitsSignals) return;
    this.#pairing.confirm();
    const signal = readSignal(payload);
    switch (signal.kind) {
      case 'candidate':
        if (!this.#pairing.holdCandidate(signal.candidate)) this.#direct.addCandidate(signal.candidate);
        break;
      case 'description':
        if (signal.type !== 'answer' && this.#direct.isNew(signal)) this.#onOffer(signal);
        break;
      case 'refused':
        this.#handlers.onTurnedAway(this.sessionID, this.device, signal.code);
        break;
      case 'unreadable':
        break;
      default:
        signal satisfies never;
    }
  }

  /** Ends the session: for its time, the user, the server, or the end of the program. */
  end(reason: SessionEnd, tellServer: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#lifetime.end();
    this.#iceServersTimer?.cancel();
    this.#direct.close(reason);
    this.#pairing.end();
    this.#handlers.onEnd(this.sessionID, reason, tellServer);
  }

  #takeIceServers(told: readonly IceServer[]): void {
    this.#iceServers = this.#iceServerBook.take(told);
    this.#iceServersTimer?.cancel();
    if (this.#over || !this.#iceServers.some(({ credential }) => credential !== undefined)) return;
    this.#iceServersTimer = this.#environment.clock.setTimer(askAnewMs, () => {
      this.#handlers.onIceServersAge(this.sessionID);
    });
  }

  #keep(): void {
    const { kept } = this;
    if (this.#over) return;
    if (kept) this.#handlers.onKeep(kept);
    else if (this.sessionType === 'persistent') this.#handlers.onUnkeep(this.sessionID);
  }

  #makePairing(unverified: 'ask' | 'refuse', known: DeviceInfo | undefined): DesktopPairing {
    const { sessionID } = this;
    const environment = this.#environment;
    const handlers = this.#handlers;
    return new DesktopPairing({
      sessionID,
      clock: environment.clock,
      keys: this.keys,
      makePromptID: () =>
        Array.from(environment.randomBytes(16), (byte) => byte.toString(16).padStart(2, '0')).join(''),
      unverified,
      known,
      handlers: {
        onPrompt: (prompt) => {
          handlers.onPrompt(prompt);
          // While the user reads, the engine can load: it is wanted at once after the approval, where failing counts.
          environment.loadRtcEngine().catch(() => undefined);
        },
        onPromptGone: (promptID, reason) => {
          handlers.onPromptGone(sessionID, promptID, reason);
        },
        onTurnedAway: (device, why) => {
          handlers.onTurnedAway(sessionID, device, why);
        },
        onApproved: () => {
          this.#lifetime.onPaired();
          this.#keep();
        },
        onRenamed: () => {
          this.#keep();
        },
        onReplaced: () => {
          this.#direct.drop();
        },
        onWithdrawn: () => {
          this.#lifetime.onWithdrawn();
          handlers.onPhonePresence(sessionID, 'left');
        },
        onOfferDecided: (offer, candidates, approved) => {
          if (!approved) {
            this.#direct.refuse('auth_missing');
            return;
          }
          void this.#direct.answer(offer, undefined);
          for (const candidate of candidates) this.#direct.addCandidate(candidate);
        },
        respond: (answer) => {
          handlers.respond(sessionID, answer);
        },
      },
    });
  }

  #makeDirect(): DesktopDirect {
    const { sessionID } = this;
    const handlers = this.#handlers;
    return new DesktopDirect({
      environment: this.#environment,
      keys: this.keys,
      sessionType: this.sessionType,
      iceServers: () => this.#iceServers,
      handlers: {
        onState: (state) => {
          this.#onDirectState(state);
        },
        onChannel: (channel) => {
          handlers.onChannel(sessionID, channel);
        },
        onRefused: (code) => {
          handlers.onTurnedAway(sessionID, this.device, code);
        },
        send: (payload) => {
          handlers.signal(sessionID, payload);
        },
      },
    });
  }

  #onOffer(offer: Offer): void {
    const verdict = this.#pairing.judgeOffer(offer);
    switch (verdict.kind) {
      case 'answer':
        void this.#direct.answer(offer, verdict.key);
        break;
      case 'refuse':
        this.#direct.refuse(verdict.code);
        break;
      case 'wait':
        break;
      default:
        verdict satisfies never;
    }
  }

  #onDirectState(state: DesktopDirectState): void {
    this.#handlers.onDirectState(this.sessionID, state);
    if (state === 'connected') this.#lifetime.onConnected();
    if (state === 'disconnected' && this.sessionType === 'one_time') this.end('closed_by_desktop', true);
  }
}
