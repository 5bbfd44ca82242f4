import type { AuthKey, CandidatePayload, DeviceInfo, PromptID, SessionID, Timer } from '@proxim/protocol';

import type { Offer } from './desktop-direct.js';

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

/** Why a question is gone. */
export type PromptGone = 'timeout' | 'mobile_left' | 'answered' | 'session_over';

/** A `pair_response`, without its session. */
export interface PairAnswer {
  readonly approved: boolean;
  readonly promptID?: PromptID;
  readonly reason?: string;
}

export interface DesktopPairingHandlers {
  onPrompt(prompt: Prompt): void;
  onPromptGone(promptID: string, reason: PromptGone): void;
  onTurnedAway(device: DeviceInfo, why: 'auth_wrong' | 'unverified'): void;
  /** The user let a phone in. */
  onApproved(): void;
  /** The phone that is let in has another name. */
  onRenamed(): void;
  /** Another phone may have been in until now: what belongs to it has to end. */
  onReplaced(): void;
  /** The server let nobody in: the user's approval came too late. */
  onWithdrawn(): void;
  /** The user decided on a further offer of a phone that proved nothing. */
  onOfferDecided(offer: Offer, candidates: readonly CandidatePayload[], approved: boolean): void;
  respond(answer: PairAnswer): void;
}

/** What becomes of an offer. */
export type OfferVerdict =
  | { readonly kind: 'answer'; readonly key: AuthKey | undefined }
  | { readonly kind: 'refuse'; readonly code: 'auth_missing' | 'auth_wrong' }
  /** The user is asked first. */
  | { readonly kind: 'wait' };

export interface OfferQuestion {
  readonly prompt: Prompt;
  readonly offer: Offer;
  readonly candidates: CandidatePayload[];
  readonly timer: Timer;
}

export interface Open {
  readonly status: 'open';
}

export interface Paired {
  readonly status: 'paired';
  readonly device: DeviceInfo;
  readonly verified: boolean;
  /** Whether the phone was heard since: then the approval reached it. */
  readonly isConfirmed: boolean;
  /** Whether an unverified phone's first offer is in: the approval counts for that one alone. */
  readonly hasOffered: boolean;
  readonly question: OfferQuestion | undefined;
}

export interface Asked {
  readonly status: 'asked';
  readonly prompt: Prompt;
  readonly serverPrompt: PromptID | undefined;
  readonly knowsDeviceSecret: boolean;
  readonly timer: Timer;
  /** What stays as it is unless the user approves: a server that forgot the phone does not turn it out. */
  readonly before: Open | Paired;
}

/** The answer to the last question, for a server that asks it again because the answer was lost. */
export interface LastAnswer {
  readonly serverPrompt: PromptID;
  readonly device: DeviceInfo;
  readonly verified: boolean;
  readonly answer: PairAnswer;
}
