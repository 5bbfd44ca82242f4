export type { DesktopDirectState } from './common/desktop-direct.js';
export { DesktopPeer } from './common/desktop-peer.js';
export type { DesktopPeerOptions } from './common/desktop-peer.js';
export type { DesktopPeerEvents, DesktopSessionView } from './common/desktop-peer-events.js';
export type { Prompt } from './common/desktop-pairing-state.js';
export type { SessionEnd, TurnedAway } from './common/desktop-session-options.js';
export type { PeerEnvironment } from './common/environment.js';
export { judgeCandidate } from './common/ice-candidate.js';
export type { CandidateVerdict } from './common/ice-candidate.js';
export { usableIceServers } from './common/ice-servers.js';
export type { KeptSession } from './common/kept-session.js';
export { MobilePeer } from './common/mobile-peer.js';
export type { MobilePeerEvents, MobilePeerOptions } from './common/mobile-peer-options.js';
export type { MobileEnd, MobileMemory, MobileSearch, MobileState } from './common/mobile-state.js';
export type {
  AnsweringConnection,
  ChannelSpec,
  DirectChannel,
  DirectHandlers,
  DirectPath,
  DirectState,
  OfferingConnection,
  RtcEngine,
} from './common/rtc-engine.js';
export { originIdOf, readDescription, writeDescription } from './common/sdp.js';
export type { DataChannelDescription, SdpFault } from './common/sdp.js';
export type { DeviceSecret } from './common/session-keys.js';
export { TypedEvents } from './common/typed-events.js';
export type { OpenWebSocket, WebSocketHandle, WebSocketHandlers } from './common/websocket-like.js';
