import type {
  DeviceInfo,
  PeerPayload,
  PeerPresence,
  PeerToken,
  RefusedCode,
  SessionID,
  SessionType,
} from '@proxim/protocol';

import type { DesktopDirectState } from './desktop-direct.js';
import type { PairAnswer, Prompt, PromptGone } from './desktop-pairing-state.js';
import type { PeerEnvironment } from './environment.js';
import type { IceServerBook } from './ice-server-book.js';
import type { KeptSession } from './kept-session.js';
import type { DirectChannel } from './rtc-engine.js';

/** Why a session is over: the contract's reasons. */
export type SessionEnd = 'expired' | 'closed_by_desktop' | 'desktop_lost' | 'too_many_attempts' | 'server_shutdown';

/** Why a device was turned away without a question. */
export type TurnedAway = 'auth_wrong' | 'unverified' | RefusedCode;

export interface DesktopSessionHandlers {
  onPrompt(prompt: Prompt): void;
  onPromptGone(sessionID: SessionID, promptID: string, reason: PromptGone): void;
  onDirectState(sessionID: SessionID, state: DesktopDirectState): void;
  onChannel(sessionID: SessionID, channel: DirectChannel): void;
  onPhonePresence(sessionID: SessionID, presence: PeerPresence): void;
  /** A device was turned away: the user is told, not asked. */
  onTurnedAway(sessionID: SessionID, device: DeviceInfo | undefined, why: TurnedAway): void;
  /** What has to be kept of a persistent session is there, or has changed. */
  onKeep(kept: KeptSession): void;
  /** What was to be kept counts no more: another phone was let in, and is not known by anything yet. */
  onUnkeep(sessionID: SessionID): void;
  /** The session is over for the desktop; the server is to be told when `tellServer`. */
  onEnd(sessionID: SessionID, reason: SessionEnd, tellServer: boolean): void;
  /** What the server told of TURN servers will not be good for ever: it is to be asked anew. */
  onIceServersAge(sessionID: SessionID): void;
  respond(sessionID: SessionID, answer: PairAnswer): void;
  signal(sessionID: SessionID, payload: PeerPayload): void;
}

/** What a session is made of. */
export interface DesktopSessionOptions {
  readonly environment: PeerEnvironment;
  readonly sessionID: SessionID;
  readonly uuid: string;
  readonly sessionType: SessionType;
  /** For `temporary`: how long it lives. For `one_time`: how long it may take to be paired. Null: for ever. */
  readonly ttlSeconds: number | null;
  readonly peerToken: PeerToken;
  readonly linkSecret: Uint8Array;
  readonly unverified: 'ask' | 'refuse';
  readonly iceServerBook: IceServerBook;
  /** Of an earlier run. */
  readonly known?: Pick<KeptSession, 'device' | 'deviceSecret'> | undefined;
  readonly handlers: DesktopSessionHandlers;
}
