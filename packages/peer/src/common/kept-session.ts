import type { DeviceInfo, PeerToken, SessionID } from '@proxim/protocol';

import type { DeviceSecret } from './session-keys.js';

/**
 * A `persistent` session as it outlives the program: all that it takes to make it again under its name, and to know its
 * phone again. Whoever has it can let themselves in as this desktop: it belongs where the user alone can read it.
 */
export interface KeptSession {
  readonly sessionID: SessionID;
  readonly uuid: string;
  readonly peerToken: PeerToken;
  /** `k`: 16 bytes. */
  readonly linkSecret: Uint8Array;
  /** `d`, without which nobody is let in unasked. */
  readonly deviceSecret: DeviceSecret;
  /** The phone that was approved, by the names that it gave itself. */
  readonly device: DeviceInfo;
}
