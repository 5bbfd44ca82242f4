import { controlChannels } from '@proxim/control';
import { type MobileMemory, MobilePeer } from '@proxim/peer';
import { browserEnvironment } from '@proxim/peer/browser';
import type { DeviceInfo, Link } from '@proxim/protocol';

export interface SessionPeerOptions {
  readonly link: Link;
  readonly deviceInfo: DeviceInfo;
  readonly memory: MobileMemory | undefined;
}

/** The phone's side of a session, over the browser's own sockets and WebRTC, with the channels that carry control. */
export const createSessionPeer = ({ link, deviceInfo, memory }: SessionPeerOptions): MobilePeer =>
  new MobilePeer({
    environment: browserEnvironment(),
    link,
    deviceInfo,
    channels: Object.values(controlChannels),
    memory,
  });
