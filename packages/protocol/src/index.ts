export { authOfAnswer, authOfOffer, authOfPairRequest, deriveAuthKey, judgeAuth } from './auth.js';
export type { AuthKey, AuthVerdict } from './auth.js';
export type { Clock, Timer } from './clock.js';
export { equalInConstantTime } from './constant-time.js';
export {
  closeCodes,
  errorCodes,
  isDeliberateClose,
  isProximError,
  ProximError,
  rejectedReasons,
  sessionClosedReasons,
} from './errors.js';
export type { ErrorCode, RejectedReason, SessionClosedReason } from './errors.js';
export { isSessionID, isUuid } from './ids.js';
export type { ConnectionID, PeerToken, PromptID, SessionID } from './ids.js';
export { faultOfLimit, limitDefinitions, limitNames, oneTimeConnectSeconds, withDefaultLimits } from './limits.js';
export type { LimitDefinition, LimitName, Limits } from './limits.js';
export { makeLink, parseLink, signalingUrl } from './link.js';
export type { Link, LinkFault } from './link.js';
export type {
  ClientMessage,
  ClientMessageOf,
  DeviceInfo,
  IceServer,
  PairPrompt,
  PairRequest,
  PairResult,
  PeerPresence,
  ServerMessage,
  ServerMessageOf,
  SessionCreate,
  SessionType,
  SignalPayload,
} from './message.js';
export { parseClientMessage, parseServerMessage } from './parse.js';
export type { ParseFailure } from './parse.js';
export { readSignal, refusedCodes } from './payload.js';
export type { CandidatePayload, PeerPayload, RefusedCode, Signal } from './payload.js';
export { repeatedTopLevelKey } from './repeated-key.js';
export { failure, success } from './result.js';
export type { Result } from './result.js';
export { scanSignal } from './scan-signal.js';
export { deviceSecretBytes, linkSecretBytes } from './secret-sizes.js';
export type { SessionEffect } from './session/effect.js';
export type { ConnectionEnd, SessionEvent, SessionRules, SessionTimer } from './session/event.js';
export type {
  ClosedSession,
  LiveSession,
  OpenSession,
  PairedSession,
  PromptingSession,
  SessionFacts,
  SessionState,
  TimerGeneration,
} from './session/state.js';
export { openSession, relayTarget, transition } from './session/transition.js';
export type { Transition } from './session/step.js';
export { sessionTypes } from './session-types.js';
export { sleepAwareClock } from './sleep-aware-clock.js';
export type { SleepAwareClock } from './sleep-aware-clock.js';
export { TokenBucket } from './token-bucket.js';
export type { BucketRules } from './token-bucket.js';
