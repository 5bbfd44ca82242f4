import type { Link, SessionID } from '@proxim/protocol';

import { type DirectChannel, type MobileMemory, MobilePeer } from '../../src/index.js';
import type { Host } from './host.js';
import { SeedClient } from './seed-client.js';

/** One page on one device, or a client that was written from the five messages alone. */
export interface ModelPhone {
  readonly host: Host;
  readonly device: string;
  readonly sessionID: SessionID;
  readonly channels: readonly DirectChannel[];
  /** Undefined for a client that keeps nothing. */
  readonly memory: MobileMemory | undefined;
  readonly status: 'asking' | 'looking' | 'connected' | 'ended';
  readonly end: string | undefined;
  leave(): void;
  wake(): void;
  networkChanged(): void;
}

/** Our own page. */
export const openPage = (host: Host, device: string, link: Link, memory?: MobileMemory): ModelPhone => {
  const peer = new MobilePeer({
    environment: host.environment,
    link,
    deviceInfo: { name: `Phone ${device}`, id: device },
    channels: [{ label: 'control', ordered: true }],
    memory,
  });
  const channels: DirectChannel[] = [];
  peer.on('channel', (channel) => channels.push(channel));
  peer.ask();
  return {
    host,
    device,
    sessionID: link.sessionID,
    channels,
    get memory() {
      return peer.memory;
    },
    get status() {
      const { status } = peer.state;
      switch (status) {
        case 'connected':
        case 'ended':
          return status;
        case 'idle':
        case 'reaching':
        case 'waiting':
          return 'asking';
        case 'connecting':
        case 'reconnecting':
          return 'looking';
        default:
          return status satisfies never;
      }
    },
    get end() {
      return peer.state.status === 'ended' ? peer.state.reason : undefined;
    },
    leave: () => {
      peer.leave();
    },
    wake: () => {
      peer.wake();
    },
    networkChanged: () => {
      peer.networkChanged();
    },
  };
};

/** A program that knows the five messages, and no more. */
export const openSeedClient = (host: Host, device: string, sessionID: SessionID, isImpatient: boolean): ModelPhone => {
  const { environment } = host;
  const deviceInfo = { name: `Phone ${device}`, id: device };
  const client = new SeedClient({ environment, sessionID, deviceInfo, isImpatient });
  return {
    host,
    device,
    sessionID,
    channels: client.channels,
    memory: undefined,
    get status() {
      return client.status;
    },
    get end() {
      return client.status === 'ended' ? 'gave up' : undefined;
    },
    leave: () => {
      client.leave();
    },
    wake: () => undefined,
    networkChanged: () => undefined,
  };
};
