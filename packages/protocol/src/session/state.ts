import type { ConnectionID, PeerToken, PromptID, SessionID } from '../ids.js';
import type { DeviceInfo, SessionType } from '../message.js';
import type { SessionClosedReason } from '../errors.js';

/** Counts a session's timers: a timer that fires with another number than the state holds was stopped long ago. */
export type TimerGeneration = number;

/** What a session is told at its creation and keeps for its life. */
export interface SessionFacts {
  readonly sessionID: SessionID;
  readonly uuid: string;
  readonly sessionType: SessionType;
  /** Null for a desktop that cannot come back: one written from the five messages alone. */
  readonly desktopToken: PeerToken | null;
}

/** When the session ends by itself. `at` in milliseconds of the injected clock. */
export interface Expiry {
  readonly at: number;
  readonly timer: TimerGeneration;
}

export type DesktopSeat =
  | { readonly presence: 'present'; readonly connection: ConnectionID }
  | { readonly presence: 'away'; readonly timer: TimerGeneration };

/** The phone that waits or is paired. Without a token it can never take its seat again. */
export type MobileSeat =
  | { readonly presence: 'present'; readonly token: PeerToken | null; readonly connection: ConnectionID }
  | { readonly presence: 'lost' | 'left'; readonly token: PeerToken | null };

/** The question that the desktop's user sees. */
export interface Prompt {
  readonly promptID: PromptID;
  readonly deviceInfo: DeviceInfo;
  readonly auth: string | undefined;
  readonly expiresAt: number;
  readonly timer: TimerGeneration;
}

interface Live {
  readonly facts: SessionFacts;
  readonly desktop: DesktopSeat;
  readonly expiry: Expiry | null;
  /** The generation that the next timer gets. */
  readonly nextTimer: TimerGeneration;
}

/** Nobody asks. `attempts` counts the refused and lapsed requests so far. */
export interface OpenSession extends Live {
  readonly status: 'open';
  readonly attempts: number;
}
/** One phone asks, and the desktop's user decides. */
export interface PromptingSession extends Live {
  readonly status: 'prompting';
  readonly attempts: number;
  readonly prompt: Prompt;
  readonly mobile: MobileSeat;
}
/** One phone was approved, and no other ever will be. */
export interface PairedSession extends Live {
  readonly status: 'paired';
  readonly mobile: MobileSeat;
}
/** Over and forgotten: nothing is remembered but why. */
export interface ClosedSession {
  readonly status: 'closed';
  readonly reason: SessionClosedReason;
}

export type LiveSession = OpenSession | PromptingSession | PairedSession;
export type SessionState = LiveSession | ClosedSession;
