import type { DeviceInfo, IceServer, PeerPresence, SessionID, SessionType } from '@proxim/protocol';

import type { DesktopDirectState } from './desktop-direct.js';
import type { Prompt, PromptGone } from './desktop-pairing-state.js';
import type { SessionEnd, TurnedAway } from './desktop-session-options.js';
import type { KeptSession } from './kept-session.js';
import type { DirectChannel } from './rtc-engine.js';

/** A session as others may look at it. */
export interface DesktopSessionView {
  readonly sessionID: SessionID;
  readonly uuid: string;
  readonly sessionType: SessionType;
  /** In milliseconds of the environment's clock; null when it does not end by time. */
  readonly expiresAt: number | null;
  /** The approved phone. */
  readonly device: DeviceInfo | undefined;
  readonly isVerified: boolean;
  readonly directState: DesktopDirectState;
  readonly prompt: Prompt | undefined;
  /** STUN and TURN servers that the signaling server named for this session. */
  readonly iceServers: readonly IceServer[];
}

export interface DesktopPeerEvents {
  /** Whether the signaling server is reached. */
  signaling: { readonly isConnected: boolean };
  /** The server knows the session: its code can be shown. */
  session: { readonly session: DesktopSessionView; readonly resumed: boolean };
  prompt: Prompt;
  prompt_gone: { readonly sessionID: SessionID; readonly promptID: string; readonly reason: PromptGone };
  direct: { readonly sessionID: SessionID; readonly state: DesktopDirectState };
  phone: { readonly sessionID: SessionID; readonly presence: PeerPresence };
  channel: { readonly sessionID: SessionID; readonly channel: DirectChannel };
  turned_away: { readonly sessionID: SessionID; readonly device: DeviceInfo | undefined; readonly why: TurnedAway };
  /** A persistent session has a phone that can be known again, or what is to be kept of it has changed. */
  keep: KeptSession;
  /** What was kept of this session counts no more: another phone was let in, which is not known by anything yet. */
  unkeep: { readonly sessionID: SessionID };
  session_closed: { readonly sessionID: SessionID; readonly reason: SessionEnd };
  /** The server refused something that the user cannot mend by waiting. */
  error: { readonly code: string; readonly message: string; readonly sessionID: SessionID | undefined };
}
