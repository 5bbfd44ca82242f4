import type { Clock } from '@proxim/protocol';

import type { OpenWebSocket } from './websocket-like.js';
import type { RtcEngine } from './rtc-engine.js';

/** What a peer needs of the platform that it runs on; `@proxim/peer/browser` and `@proxim/peer/node` each make one. */
export interface PeerEnvironment {
  readonly clock: Clock;
  /** Cryptographically strong random bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
  readonly openWebSocket: OpenWebSocket;
  /** Loads the WebRTC engine; called when a direct connection is first needed. */
  readonly loadRtcEngine: () => Promise<RtcEngine>;
}
