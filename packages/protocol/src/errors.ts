/** Why the server refused a message: `code` of an `error`. One row of the documentation each. */
export const errorCodes = [
  'bad_message',
  'unknown_type',
  'not_allowed',
  'unauthorized',
  'session_not_found',
  'session_exists',
  'session_busy',
  'not_paired',
  'peer_unavailable',
  'rate_limited',
  'capacity',
  'shutting_down',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** Why a session ended: `reason` of `session_closed`. */
export const sessionClosedReasons = [
  'expired',
  'closed_by_desktop',
  'desktop_lost',
  'too_many_attempts',
  'server_shutdown',
] as const;
export type SessionClosedReason = (typeof sessionClosedReasons)[number];

/** Why a request was rejected, where the server or the user decided; a desktop may give a reason of its own. */
export const rejectedReasons = ['rejected_by_user', 'timeout', 'desktop_left', 'expired', 'server_shutdown'] as const;
export type RejectedReason = (typeof rejectedReasons)[number];

/** WebSocket close codes (RFC 6455, section 7.4; 4000 and above are ours). */
export const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  unsupportedData: 1003,
  noStatus: 1005,
  policyViolation: 1008,
  messageTooBig: 1009,
  tryAgainLater: 1013,
  replaced: 4000,
  noRole: 4001,
  heartbeatLost: 4002,
} as const;

/** Whether a socket that ended with this close code was left on purpose; any other end means that it was lost. */
export const isDeliberateClose = (code: number): boolean => code === closeCodes.normal || code === closeCodes.noStatus;

/** The error that Proxim's libraries throw or reject with: `code` is for programs, `message` for people. */
export class ProximError<Code extends string = string> extends Error {
  override readonly name = 'ProximError';
  readonly code: Code;

  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Whether something that was thrown is one of ours: then it has a `code`, and a `message` for people. */
export const isProximError = (error: unknown): error is ProximError => error instanceof ProximError;
