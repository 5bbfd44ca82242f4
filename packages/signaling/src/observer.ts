import { type LiveSession, rejectedReasons, sessionClosedReasons } from '@proxim/protocol';

/** What a connection has turned out to be; `none` until it has made a session or asked for one. */
export const connectionRoles = ['none', 'desktop', 'mobile'] as const;
export type ConnectionRole = (typeof connectionRoles)[number];

/** How a session stands as long as it lives. */
export const sessionStatuses = ['open', 'prompting', 'paired'] as const satisfies readonly LiveSession['status'][];
export type SessionStatus = (typeof sessionStatuses)[number];

/** Why a session is not here any more; `superseded` when another node of the cluster has it now. */
export const sessionEnds = [...sessionClosedReasons, 'superseded'] as const;
export type SessionEnd = (typeof sessionEnds)[number];

/** What came of a request: `cancelled` when the phone went away, `other` when the desktop had a reason of its own. */
export const pairingResults = [
  'approved',
  ...rejectedReasons,
  'unverified',
  'blocked',
  'other',
  'cancelled',
  'superseded',
] as const;
export type PairingResult = (typeof pairingResults)[number];

/**
 * Hears what happens in a server, for figures and logs. It is told numbers and names of a fixed set, never a token, an
 * address, a sessionID or anything else that somebody sent. It is called in the middle of the work: it has to return at
 * once and must not throw.
 */
export interface ServerObserver {
  /** A socket has become a WebSocket; it has no role yet. */
  connectionOpened(): void;
  roleTaken(from: ConnectionRole, to: ConnectionRole): void;
  /** `code` as this server said it, else as the other side did; 1006 when neither did. */
  connectionClosed(role: ConnectionRole, code: number): void;
  sessionOpened(): void;
  sessionChanged(from: SessionStatus, to: SessionStatus): void;
  sessionClosed(from: SessionStatus, end: SessionEnd): void;
  pairingAsked(): void;
  /** `ms` from the request to its end. */
  pairingEnded(result: PairingResult, ms: number): void;
  /** A signal has gone on to the other peer, of so many bytes. */
  frameRelayed(bytes: number): void;
  /** `code` is one of the wire's `errorCodes`. */
  errorSent(code: string): void;
  /** A request, or an upgrade, was answered with this HTTP status and nothing else. */
  requestRefused(status: number): void;
}

const ignore = (): void => undefined;

export const silentObserver: ServerObserver = {
  connectionOpened: ignore,
  roleTaken: ignore,
  connectionClosed: ignore,
  sessionOpened: ignore,
  sessionChanged: ignore,
  sessionClosed: ignore,
  pairingAsked: ignore,
  pairingEnded: ignore,
  frameRelayed: ignore,
  errorSent: ignore,
  requestRefused: ignore,
};
