import {
  type DeviceInfo,
  type IceServer,
  type Link,
  oneTimeConnectSeconds,
  type PairPrompt,
  type PeerPresence,
  type PeerToken,
  type PromptID,
  readSignal,
  type RefusedCode,
  type SessionCreate,
  type SessionID,
  type SessionType,
  type Signal,
  type PeerPayload,
  type Timer,
} from '@proxim/protocol';

import { DesktopDirect, type DesktopDirectState } from './desktop-direct.js';
import type { PeerEnvironment } from './environment.js';
import type { DirectChannel, DirectPath } from './rtc-engine.js';
import { SessionKeys } from './session-keys.js';

/** A question for the desktop's user. */
export interface Prompt {
  readonly sessionID: SessionID;
  readonly promptID: string;
  readonly deviceInfo: DeviceInfo;
  /** Whether the device proved that it read the QR code. */
  readonly verified: boolean;
  /** In milliseconds of the environment's clock. */
  readonly expiresAt: number;
}

/** Why a session is over: the contract's reasons. */
export type SessionEnd = 'expired' | 'closed_by_desktop' | 'desktop_lost' | 'too_many_attempts' | 'server_shutdown';

/** Why a device was turned away without a question. */
export type TurnedAway = 'auth_wrong' | 'unverified' | RefusedCode;

export interface DesktopSessionHandlers {
  onPrompt(prompt: Prompt): void;
  onPromptGone(sessionID: SessionID, promptID: string, reason: 'timeout' | 'mobile_left' | 'answered'): void;
  onDirectState(sessionID: SessionID, state: DesktopDirectState): void;
  onChannel(sessionID: SessionID, channel: DirectChannel): void;
  onPhonePresence(sessionID: SessionID, presence: PeerPresence): void;
  /** A device was turned away: the user is told, not asked. */
  onTurnedAway(sessionID: SessionID, device: DeviceInfo | undefined, why: TurnedAway): void;
  /** The session is over for the desktop; the server is to be told when `tellServer`. */
  onEnd(sessionID: SessionID, reason: SessionEnd, tellServer: boolean): void;
  respond(response: { sessionID: SessionID; approved: boolean; promptID?: PromptID; reason?: string }): void;
  signal(sessionID: SessionID, payload: PeerPayload): void;
}

type Pairing =
  | { readonly status: 'open' }
  | { readonly status: 'asked'; readonly prompt: Prompt; readonly serverPrompt: PromptID | undefined; readonly timer: Timer }
  | {
      readonly status: 'paired';
      readonly device: DeviceInfo;
      readonly verified: boolean;
      /** An unverified phone's further offers are asked about, one by one. */
      readonly question: { readonly prompt: Prompt; readonly offer: Offer; readonly timer: Timer } | undefined;
      readonly answeredOffer: boolean;
    };

type Offer = Extract<Signal, { kind: 'description' }>;

/** A session as the desktop knows it: the relay is not believed in what can be known here. */
export class DesktopSession {
  readonly sessionID: SessionID;
  readonly uuid: string;
  readonly sessionType: SessionType;
  readonly peerToken: PeerToken;
  readonly keys: SessionKeys;
  readonly #environment: PeerEnvironment;
  readonly #handlers: DesktopSessionHandlers;
  readonly #unverified: 'ask' | 'refuse';
  readonly #direct: DesktopDirect;
  #pairing: Pairing = { status: 'open' };
  #wasVerified = false;
  #iceServers: readonly IceServer[] = [];
  #expiresAt: number | null;
  #expiryTimer: Timer | undefined;
  #connectTimer: Timer | undefined;
  #over = false;

  constructor(options: {
    readonly environment: PeerEnvironment;
    readonly sessionID: SessionID;
    readonly uuid: string;
    readonly sessionType: SessionType;
    /** For `temporary`: how long it lives. For `one_time`: how long it may take to be paired. Null: for ever. */
    readonly ttlSeconds: number | null;
    readonly peerToken: PeerToken;
    readonly linkSecret: Uint8Array;
    readonly unverified: 'ask' | 'refuse';
    readonly handlers: DesktopSessionHandlers;
  }) {
    const { environment, sessionID, handlers } = options;
    this.#environment = environment;
    this.#handlers = handlers;
    this.#unverified = options.unverified;
    this.sessionID = sessionID;
    this.uuid = options.uuid;
    this.sessionType = options.sessionType;
    this.peerToken = options.peerToken;
    this.keys = new SessionKeys(sessionID, options.linkSecret);
    this.#direct = new DesktopDirect({
      environment,
      keys: this.keys,
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
    const { ttlSeconds } = options;
    this.#expiresAt = ttlSeconds === null ? null : environment.clock.now() + ttlSeconds * 1000;
    if (ttlSeconds !== null) this.#expiryTimer = environment.clock.setTimer(ttlSeconds * 1000, () => {
      this.#end('expired', true);
    });
  }

  /** When the session ends by itself, in milliseconds of the environment's clock; null when it does not. */
  get expiresAt(): number | null {
    return this.#expiresAt;
  }

  get device(): DeviceInfo | undefined {
    return this.#pairing.status === 'paired' ? this.#pairing.device : undefined;
  }

  get isVerified(): boolean {
    return this.#pairing.status === 'paired' && this.#pairing.verified;
  }

  get directState(): DesktopDirectState {
    return this.#direct.state;
  }

  /** The question that waits for an answer, if there is one. */
  get prompt(): Prompt | undefined {
    if (this.#pairing.status === 'asked') return this.#pairing.prompt;
    return this.#pairing.status === 'paired' ? this.#pairing.question?.prompt : undefined;
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
    const left = this.#expiresAt === null ? null : Math.ceil((this.#expiresAt - this.#environment.clock.now()) / 1000);
    return {
      type: 'session_create',
      sessionID,
      uuid,
      sessionType,
      ...(sessionType === 'temporary' && left !== null ? { ttlSeconds: Math.max(1, left) } : {}),
      peerToken,
      ...(token === undefined ? {} : { token }),
    };
  }

  onCreated(iceServers: readonly IceServer[]): void {
    this.#iceServers = iceServers;
  }

  onPairPrompt(message: PairPrompt): void {
    const { deviceInfo, auth } = message;
    const { verdict, knowsDeviceSecret } = this.keys.judgePairRequest(deviceInfo, auth);
    if (verdict === 'wrong') {
      this.#turnAway(message, 'auth_wrong');
      return;
    }
    if (verdict === 'missing' && (this.#wasVerified || this.#unverified === 'refuse')) {
      this.#turnAway(message, 'unverified');
      return;
    }
    if (this.#pairing.status === 'paired') {
      this.#onKnownDeviceAsks(message, knowsDeviceSecret);
      return;
    }
    this.#ask(message, verdict === 'right');
  }

  onPairCancel(promptID: PromptID | undefined, reason: string): void {
    if (this.#pairing.status !== 'asked') return;
    if (promptID !== undefined && promptID !== this.#pairing.serverPrompt) return;
    this.#dropPrompt(reason === 'mobile_left' ? 'mobile_left' : 'timeout');
  }

  /** Answers the open question. False when that question is not open (any more). */
  respond(approved: boolean, options: { readonly promptID?: string | undefined; readonly reason?: string | undefined }): boolean {
    const { prompt } = this;
    if (!prompt || (options.promptID !== undefined && options.promptID !== prompt.promptID)) return false;
    const pairing = this.#pairing;
    if (pairing.status === 'paired') {
      this.#answerQuestion(pairing, approved);
      return true;
    }
    if (pairing.status !== 'asked') return false;
    pairing.timer.cancel();
    const { sessionID } = this;
    this.#pairing = approved
      ? { status: 'paired', device: prompt.deviceInfo, verified: prompt.verified, question: undefined, answeredOffer: false }
      : { status: 'open' };
    this.#handlers.respond({
      sessionID,
      approved,
      ...(pairing.serverPrompt === undefined ? {} : { promptID: pairing.serverPrompt }),
      ...(approved || options.reason === undefined ? {} : { reason: options.reason }),
    });
    this.#handlers.onPromptGone(sessionID, prompt.promptID, 'answered');
    if (approved) this.#onApproved(prompt.verified);
    return true;
  }

  onPresence(presence: PeerPresence): void {
    this.#handlers.onPhonePresence(this.sessionID, presence);
  }

  onSignal(payload: unknown): void {
    const signal = readSignal(payload);
    // Approval is what was decided here, whatever the relay forwards.
    if (this.#pairing.status !== 'paired' || this.#over) return;
    switch (signal.kind) {
      case 'candidate':
        this.#direct.addCandidate(signal.candidate);
        break;
      case 'description':
        if (signal.type !== 'answer') this.#onOffer(signal, this.#pairing);
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

  /** Ends the session from outside: the user, the server, or the end of the program. */
  end(reason: SessionEnd, tellServer: boolean): void {
    this.#end(reason, tellServer);
  }

  #ask(message: PairPrompt, verified: boolean): void {
    const { clock } = this.#environment;
    const seconds = Math.min(message.timeoutSeconds ?? 40, 3600);
    // A returning desktop is shown the same question again, not a second one.
    if (this.#pairing.status === 'asked') {
      if (message.promptID !== undefined && message.promptID === this.#pairing.serverPrompt) return;
      this.#dropPrompt('timeout');
    }
    const prompt: Prompt = {
      sessionID: this.sessionID,
      promptID: message.promptID ?? this.#localPromptID(),
      deviceInfo: message.deviceInfo,
      verified,
      expiresAt: clock.now() + seconds * 1000,
    };
    // The server says when it is over; should it stay silent, the question goes all the same.
    const timer = clock.setTimer(seconds * 1000 + 1000, () => {
      this.#dropPrompt('timeout');
    });
    this.#pairing = { status: 'asked', prompt, serverPrompt: message.promptID, timer };
    this.#handlers.onPrompt(prompt);
    // While the user reads, the engine can load: it is wanted at once after the approval.
    void this.#environment.loadRtcEngine();
  }

  #localPromptID(): string {
    return Array.from(this.#environment.randomBytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  #dropPrompt(reason: 'timeout' | 'mobile_left'): void {
    if (this.#pairing.status !== 'asked') return;
    const { prompt, timer } = this.#pairing;
    timer.cancel();
    this.#pairing = { status: 'open' };
    this.#handlers.onPromptGone(this.sessionID, prompt.promptID, reason);
  }

  /** After a server's restart a phone has to ask again; the one that was approved need not be asked about. */
  #onKnownDeviceAsks(message: PairPrompt, knowsDeviceSecret: boolean): void {
    const { sessionID } = this;
    const promptID = message.promptID === undefined ? {} : { promptID: message.promptID };
    if (knowsDeviceSecret) {
      this.#handlers.respond({ sessionID, approved: true, ...promptID });
      return;
    }
    // Approved once, but without the device secret nothing tells it from another reader of the same code: asked anew.
    this.#clearQuestion();
    this.#pairing = { status: 'open' };
    this.#ask(message, this.keys.judgePairRequest(message.deviceInfo, message.auth).verdict === 'right');
  }

  #turnAway(message: PairPrompt, why: 'auth_wrong' | 'unverified'): void {
    const { sessionID } = this;
    const promptID = message.promptID === undefined ? {} : { promptID: message.promptID };
    this.#handlers.respond({ sessionID, approved: false, reason: 'unverified', ...promptID });
    this.#handlers.onTurnedAway(sessionID, message.deviceInfo, why);
  }

  #onApproved(verified: boolean): void {
    if (verified) this.#wasVerified = true;
    if (this.sessionType !== 'one_time') return;
    this.#expiryTimer?.cancel();
    this.#expiresAt = null;
    this.#connectTimer?.cancel();
    this.#connectTimer = this.#environment.clock.setTimer(oneTimeConnectSeconds * 1000, () => {
      if (this.#direct.state !== 'connected') this.#end('closed_by_desktop', true);
    });
  }

  #onOffer(offer: Offer, pairing: Extract<Pairing, { status: 'paired' }>): void {
    if (!this.#direct.isNew(offer)) return;
    if (pairing.verified) {
      const { verdict, key } = this.keys.judgeOffer(offer.sdp, offer.auth);
      if (verdict !== 'right') {
        this.#direct.refuse(verdict === 'missing' ? 'auth_missing' : 'auth_wrong');
        return;
      }
      void this.#direct.answer(offer, key);
      return;
    }
    if (!pairing.answeredOffer) {
      this.#pairing = { ...pairing, answeredOffer: true };
      void this.#direct.answer(offer, undefined);
      return;
    }
    this.#askAboutOffer(offer, pairing);
  }

  #askAboutOffer(offer: Offer, pairing: Extract<Pairing, { status: 'paired' }>): void {
    if (pairing.question) return;
    const { clock } = this.#environment;
    const prompt: Prompt = {
      sessionID: this.sessionID,
      promptID: this.#localPromptID(),
      deviceInfo: pairing.device,
      verified: false,
      expiresAt: clock.now() + 40_000,
    };
    const timer = clock.setTimer(40_000, () => {
      this.#clearQuestion();
      this.#handlers.onPromptGone(this.sessionID, prompt.promptID, 'timeout');
    });
    this.#pairing = { ...pairing, question: { prompt, offer, timer } };
    this.#handlers.onPrompt(prompt);
  }

  #clearQuestion(): void {
    if (this.#pairing.status !== 'paired' || !this.#pairing.question) return;
    this.#pairing.question.timer.cancel();
    this.#pairing = { ...this.#pairing, question: undefined };
  }

  #answerQuestion(pairing: Extract<Pairing, { status: 'paired' }>, approved: boolean): void {
    const { question } = pairing;
    if (!question) return;
    this.#clearQuestion();
    this.#handlers.onPromptGone(this.sessionID, question.prompt.promptID, 'answered');
    if (approved) void this.#direct.answer(question.offer, undefined);
    else this.#direct.refuse('auth_missing');
  }

  #onDirectState(state: DesktopDirectState): void {
    this.#handlers.onDirectState(this.sessionID, state);
    if (state === 'connected') this.#connectTimer?.cancel();
    if (state === 'disconnected' && this.sessionType === 'one_time') this.#end('closed_by_desktop', true);
  }

  #end(reason: SessionEnd, tellServer: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#expiryTimer?.cancel();
    this.#connectTimer?.cancel();
    this.#clearQuestion();
    if (this.#pairing.status === 'asked') this.#dropPrompt('timeout');
    this.#direct.close(reason);
    this.#handlers.onEnd(this.sessionID, reason, tellServer);
  }
}
