import { controlChannels } from '@proxim/control';
import { type MobileMemory, MobilePeer } from '@proxim/peer';
import { browserEnvironment } from '@proxim/peer/browser';
import type { DeviceInfo, Link } from '@proxim/protocol';

export interface SessionPeerOptions {
  readonly link: Link;
  readonly deviceInfo: DeviceInfo;
  readonly memory: MobileMemory | undefined;
}

/** What the page needs of a peer. */
export type SessionPeer = Pick<
  MobilePeer,
  'memory' | 'on' | 'ask' | 'leave' | 'giveWay' | 'wake' | 'networkChanged' | 'wasEndedByComputer'
>;

/** The phone's side of a session, over the browser's own sockets and WebRTC, with the channels that carry control. */
export const createSessionPeer = ({ link, deviceInfo, memory }: SessionPeerOptions): SessionPeer =>
  new MobilePeer({
    environment: browserEnvironment(),
    link,
    deviceInfo,
    channels: Object.values(controlChannels),
    memory,
  });
