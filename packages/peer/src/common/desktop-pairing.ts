import type { CandidatePayload, Clock, DeviceInfo, PairPrompt, PromptID, SessionID } from '@proxim/protocol';

import { BlockedDevices } from './blocked-devices.js';
import type { Offer } from './desktop-direct.js';
import type {
  Asked,
  DesktopPairingHandlers,
  LastAnswer,
  OfferVerdict,
  Open,
  PairAnswer,
  Paired,
  Prompt,
  PromptGone,
} from './desktop-pairing-state.js';
import { maxQueuedCandidates } from './direct-link.js';
import type { SessionKeys } from './session-keys.js';

const isSameDevice = (left: DeviceInfo, right: DeviceInfo): boolean => left.id === right.id && left.name === right.name;

/** Who is let in, and who is asked about: decided here, whatever the relay forwards. */
export class DesktopPairing {
  readonly #sessionID: SessionID;
  readonly #clock: Clock;
  readonly #keys: SessionKeys;
  readonly #makePromptID: () => string;
  readonly #unverified: 'ask' | 'refuse';
  readonly #handlers: DesktopPairingHandlers;
  readonly #blocked = new BlockedDevices();
  #pairing: Open | Asked | Paired = { status: 'open' };
  #wasVerified = false;
  /** Whether nobody was approved in this run: then only the device secret tells the phone of the earlier one. */
  #isRestored = false;
  #lastAnswer: LastAnswer | undefined;

  constructor(options: {
    readonly sessionID: SessionID;
    readonly clock: Clock;
    readonly keys: SessionKeys;
    readonly makePromptID: () => string;
    readonly unverified: 'ask' | 'refuse';
    /** The phone that was let in in an earlier run, and holds the device secret. */
    readonly known?: DeviceInfo | undefined;
    readonly handlers: DesktopPairingHandlers;
  }) {
    this.#sessionID = options.sessionID;
    this.#clock = options.clock;
    this.#keys = options.keys;
    this.#makePromptID = options.makePromptID;
    this.#unverified = options.unverified;
    this.#handlers = options.handlers;
    if (!options.known) return;
    this.#wasVerified = true;
    this.#isRestored = true;
    this.#pairing = pairedWith(options.known, { verified: true, isConfirmed: true });
  }

  /** The phone that is let in. */
  get paired(): { readonly device: DeviceInfo; readonly verified: boolean } | undefined {
    const pairing = this.#pairing.status === 'asked' ? this.#pairing.before : this.#pairing;
    return pairing.status === 'paired' ? pairing : undefined;
  }

  /** Whether the phone that is let in may signal just now. */
  get admitsSignals(): boolean {
    return this.#pairing.status === 'paired';
  }

  /** The question that waits for an answer, if there is one. */
  get prompt(): Prompt | undefined {
    if (this.#pairing.status === 'asked') return this.#pairing.prompt;
    return this.#pairing.status === 'paired' ? this.#pairing.question?.prompt : undefined;
  }

  onPairPrompt(message: PairPrompt): void {
    const { verdict, knowsDeviceSecret } = this.#keys.judgePairRequest(message.deviceInfo, message.auth);
    if (verdict === 'wrong') {
      this.#turnAway(message, 'auth_wrong');
      return;
    }
    const verified = verdict === 'right';
    if (!verified && (this.#wasVerified || this.#unverified === 'refuse')) {
      this.#turnAway(message, 'unverified');
      return;
    }
    if (this.#answersAgain(message, verified)) return;
    // After a server's restart a phone has to ask again; the one that was approved need not be asked about. Without the
    // device secret nothing tells it from another reader of the same code.
    if (knowsDeviceSecret && this.paired) {
      this.#dropRequest('mobile_left');
      this.#rename(message.deviceInfo);
      this.#handlers.respond({ approved: true, ...promptOf(message) });
      return;
    }
    if (this.#blocked.has(message.deviceInfo, verified)) {
      // The user wants to hear no more of it: the device is told, and nobody else. The phone that holds the device secret
      // has passed before: a stranger who took its ID must not lock it out.
      this.#handlers.respond({ approved: false, reason: 'blocked', ...promptOf(message) });
      return;
    }
    this.#ask(message, { verified, knowsDeviceSecret });
  }

  onPairCancel(promptID: PromptID | undefined, reason: string): void {
    if (this.#pairing.status !== 'asked') return;
    if (promptID !== undefined && promptID !== this.#pairing.serverPrompt) return;
    this.#dropRequest(reason === 'mobile_left' ? 'mobile_left' : 'timeout');
  }

  /** The phone was heard: it knows that it was let in. */
  confirm(): void {
    if (this.#pairing.status !== 'paired' || this.#pairing.isConfirmed) return;
    this.#pairing = { ...this.#pairing, isConfirmed: true };
  }

  /** The server made the session anew: nobody waits there, or is let in, any more. */
  onForgotten(): void {
    this.#dropRequest('mobile_left');
    this.onAnswerRefused();
  }

  /** The last answer came too late: a phone that was not heard since does not know that it was let in. */
  onAnswerRefused(): void {
    const pairing = this.#pairing;
    const answered = pairing.status === 'asked' ? pairing.before : pairing;
    if (answered.status !== 'paired' || answered.isConfirmed) return;
    this.#pairing = pairing.status === 'asked' ? { ...pairing, before: { status: 'open' } } : { status: 'open' };
    this.#lastAnswer = undefined;
    this.#handlers.onWithdrawn();
  }

  /** Answers the open question. False when that question is not open (any more). */
  respond(
    approved: boolean,
    options: { readonly promptID?: string | undefined; readonly reason?: string | undefined },
  ): boolean {
    const { prompt } = this;
    if (!prompt || (options.promptID !== undefined && options.promptID !== prompt.promptID)) return false;
    switch (this.#pairing.status) {
      case 'asked':
        this.#decideRequest(this.#pairing, approved, options.reason);
        return true;
      case 'paired':
        this.#decideOffer(this.#pairing, approved);
        return true;
      case 'open':
        return false;
      default:
        return this.#pairing satisfies never;
    }
  }

  /** Turns the device away that asks, and all that it asks later in this session. False as `respond`. */
  block(options: { readonly promptID?: string | undefined }): boolean {
    const { prompt } = this;
    if (!prompt || !this.respond(false, { ...options, reason: 'blocked' })) return false;
    this.#blocked.add(prompt.deviceInfo, prompt.verified);
    return true;
  }

  /** Decides about an offer that has not been made before. */
  judgeOffer(offer: Offer): OfferVerdict {
    const pairing = this.#pairing;
    if (pairing.status !== 'paired') return { kind: 'wait' };
    if (pairing.verified) {
      const { verdict, key, knowsDeviceSecret } = this.#keys.judgeOffer(offer.sdp, offer.auth);
      if (verdict === 'right' && (knowsDeviceSecret || !this.#isRestored)) return { kind: 'answer', key };
      return { kind: 'refuse', code: verdict === 'missing' ? 'auth_missing' : 'auth_wrong' };
    }
    if (this.#blocked.has(pairing.device, false)) return { kind: 'refuse', code: 'auth_missing' };
    if (pairing.hasOffered) {
      this.#askAboutOffer(pairing, offer);
      return { kind: 'wait' };
    }
    this.#pairing = { ...pairing, hasOffered: true };
    return { kind: 'answer', key: undefined };
  }

  /** Keeps a candidate for the offer that the user is asked about. False when it belongs elsewhere. */
  holdCandidate(candidate: CandidatePayload): boolean {
    if (this.#pairing.status !== 'paired' || !this.#pairing.question) return false;
    const { candidates } = this.#pairing.question;
    if (candidates.length < maxQueuedCandidates) candidates.push(candidate);
    return true;
  }

  /** The session is over. */
  end(): void {
    this.#dropRequest('session_over');
    if (this.#pairing.status === 'paired') this.#dropQuestion(this.#pairing, 'session_over');
    this.#pairing = { status: 'open' };
  }

  #ask(
    message: PairPrompt,
    { verified, knowsDeviceSecret }: { readonly verified: boolean; readonly knowsDeviceSecret: boolean },
  ): void {
    // A returning desktop is shown the same question again, not a second one.
    if (this.#pairing.status === 'asked') {
      if (message.promptID !== undefined && message.promptID === this.#pairing.serverPrompt) return;
      this.#dropRequest('timeout');
    }
    if (this.#pairing.status === 'paired') this.#dropQuestion(this.#pairing, 'timeout');
    if (this.#pairing.status === 'asked') return;
    const ms = Math.min(message.timeoutSeconds ?? 40, 3600) * 1000;
    const prompt = this.#makePrompt(message.deviceInfo, verified, ms, message.promptID);
    // The server says when it is over; should it stay silent, the question goes all the same.
    const timer = this.#clock.setTimer(ms + 1000, () => {
      this.#dropRequest('timeout');
    });
    this.#pairing = {
      status: 'asked',
      prompt,
      serverPrompt: message.promptID,
      knowsDeviceSecret,
      timer,
      before: this.#pairing,
    };
    this.#handlers.onPrompt(prompt);
  }

  #makePrompt(deviceInfo: DeviceInfo, verified: boolean, ms: number, promptID: string = this.#makePromptID()): Prompt {
    return { sessionID: this.#sessionID, promptID, deviceInfo, verified, expiresAt: this.#clock.now() + ms };
  }

  #dropRequest(reason: PromptGone): void {
    if (this.#pairing.status !== 'asked') return;
    const { prompt, timer, before } = this.#pairing;
    timer.cancel();
    this.#pairing = before;
    this.#handlers.onPromptGone(prompt.promptID, reason);
  }

  #decideRequest(asked: Asked, approved: boolean, reason: string | undefined): void {
    const { prompt, serverPrompt, timer, before } = asked;
    const { deviceInfo: device, verified } = prompt;
    timer.cancel();
    this.#pairing = approved ? pairedWith(device, { verified, isConfirmed: false }) : before;
    if (approved && verified) this.#wasVerified = true;
    if (approved) this.#isRestored = false;
    if (approved && !asked.knowsDeviceSecret) this.#keys.forgetDeviceSecret();
    const answer: PairAnswer = {
      approved,
      ...(serverPrompt === undefined ? {} : { promptID: serverPrompt }),
      ...(approved || reason === undefined ? {} : { reason }),
    };
    this.#lastAnswer = serverPrompt === undefined ? undefined : { serverPrompt, device, verified, answer };
    if (approved && before.status === 'paired') this.#handlers.onReplaced();
    this.#handlers.respond(answer);
    this.#handlers.onPromptGone(prompt.promptID, 'answered');
    if (approved) this.#handlers.onApproved();
  }

  /** The phone that was let in calls itself by another name by now. */
  #rename(device: DeviceInfo): void {
    if (this.#pairing.status !== 'paired' || isSameDevice(this.#pairing.device, device)) return;
    this.#pairing = { ...this.#pairing, device };
    this.#handlers.onRenamed();
  }

  /** A desktop that returns is asked again what it answered while its socket was down: the user is not. */
  #answersAgain({ promptID, deviceInfo }: PairPrompt, verified: boolean): boolean {
    const last = this.#lastAnswer;
    if (!last || promptID !== last.serverPrompt || this.#pairing.status === 'asked') return false;
    if (verified !== last.verified || !isSameDevice(deviceInfo, last.device)) return false;
    if (last.answer.approved && this.#pairing.status !== 'paired') return false;
    this.#handlers.respond(last.answer);
    return true;
  }

  #turnAway(message: PairPrompt, why: 'auth_wrong' | 'unverified'): void {
    this.#handlers.respond({ approved: false, reason: 'unverified', ...promptOf(message) });
    this.#handlers.onTurnedAway(message.deviceInfo, why);
  }

  /** Of several that come while the user reads, the last one is the one whose connection is still there. */
  #askAboutOffer(pairing: Paired, offer: Offer): void {
    if (pairing.question) {
      this.#pairing = { ...pairing, question: { ...pairing.question, offer, candidates: [] } };
      return;
    }
    const prompt = this.#makePrompt(pairing.device, false, 40_000);
    const timer = this.#clock.setTimer(40_000, () => {
      if (this.#pairing.status === 'paired') this.#dropQuestion(this.#pairing, 'timeout');
    });
    this.#pairing = { ...pairing, question: { prompt, offer, candidates: [], timer } };
    this.#handlers.onPrompt(prompt);
  }

  #dropQuestion(pairing: Paired, reason: PromptGone): void {
    const { question } = pairing;
    if (!question) return;
    question.timer.cancel();
    this.#pairing = { ...pairing, question: undefined };
    this.#handlers.onPromptGone(question.prompt.promptID, reason);
  }

  #decideOffer(pairing: Paired, approved: boolean): void {
    const { question } = pairing;
    this.#dropQuestion(pairing, 'answered');
    if (question) this.#handlers.onOfferDecided(question.offer, question.candidates, approved);
  }
}

const pairedWith = (
  device: DeviceInfo,
  { verified, isConfirmed }: { readonly verified: boolean; readonly isConfirmed: boolean },
): Paired => ({ status: 'paired', device, verified, isConfirmed, hasOffered: false, question: undefined });

const promptOf = ({ promptID }: PairPrompt): { readonly promptID?: PromptID } =>
  promptID === undefined ? {} : { promptID };
