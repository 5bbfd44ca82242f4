import type { DeviceInfo, Link, SessionType } from '@proxim/protocol';

import type { PeerEnvironment } from './environment.js';
import type { MobileMemory, MobileState } from './mobile-state.js';
import type { ChannelSpec, DirectChannel } from './rtc-engine.js';

export interface MobilePeerEvents {
  state: MobileState;
  /** A channel is open; after a new direct connection they open anew. */
  channel: DirectChannel;
  /** Something worth keeping has changed. */
  memory: MobileMemory;
  /** The computer has said what kind of session this is; only a `persistent` one may be kept beyond the tab. */
  session: { readonly sessionType: SessionType };
}

export interface MobilePeerOptions {
  readonly environment: PeerEnvironment;
  readonly link: Link;
  readonly deviceInfo: DeviceInfo;
  /** The application's own data channels. */
  readonly channels: readonly ChannelSpec[];
  /** From an earlier page of the same session. */
  readonly memory?: MobileMemory | undefined;
  /** What the wire says of a request's life, for the ring that counts down; the server has the last word. */
  readonly pairingTimeoutSeconds?: number;
}
