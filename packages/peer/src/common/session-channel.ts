import {
  deviceSecretBytes,
  type SessionClosedReason,
  sessionClosedReasons,
  type SessionType,
  sessionTypes,
} from '@proxim/protocol';
import { base64urlnopad } from '@scure/base';

import type { ChannelSpec } from './rtc-engine.js';

/** The peers' own data channel: the device secret, and signs of life. */
export const sessionChannel: ChannelSpec = { label: 'proxim', ordered: true };

/** How often each side says that it is there, and how long its silence may last. */
export const aliveEveryMs = 1000;
export const lostAfterMs = 5000;

/** Why a side says goodbye: the session's end, or a phone that left it. */
export type Farewell = SessionClosedReason | 'left';

/** What the peers say to each other once they are connected. */
export type SessionChannelMessage =
  | { readonly type: 'alive' }
  | { readonly type: 'device_secret'; readonly secret: Uint8Array }
  | { readonly type: 'device_secret_kept' }
  /** From the desktop, first of all: what kind of session this is. */
  | { readonly type: 'session'; readonly sessionType: SessionType }
  /** From the desktop: its network has changed, and a new direct connection may be needed before this one goes. */
  | { readonly type: 'renew' }
  /** From the desktop: the computer goes to sleep, and is not heard until somebody wakes it. */
  | { readonly type: 'asleep' }
  | { readonly type: 'bye'; readonly reason: Farewell };

export const encodeSessionMessage = (message: SessionChannelMessage): string =>
  JSON.stringify(
    message.type === 'device_secret' ? { type: message.type, d: base64urlnopad.encode(message.secret) } : message,
  );

/** Reads a message; undefined for what is none, or one of a newer Proxim. */
export const decodeSessionMessage = (data: string | Uint8Array): SessionChannelMessage | undefined => {
  if (typeof data !== 'string' || data.length > 1024) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  switch (value.type) {
    case 'alive':
    case 'device_secret_kept':
    case 'renew':
    case 'asleep':
      return { type: value.type };
    case 'session': {
      const sessionType = 'sessionType' in value ? value.sessionType : undefined;
      const known = sessionTypes.find((type) => type === sessionType);
      return known && { type: 'session', sessionType: known };
    }
    case 'bye': {
      const reason = 'reason' in value ? value.reason : undefined;
      return { type: 'bye', reason: sessionClosedReasons.find((known) => known === reason) ?? 'left' };
    }
    case 'device_secret':
      return 'd' in value && typeof value.d === 'string' ? decodeDeviceSecret(value.d) : undefined;
    default:
      return undefined;
  }
};

const decodeDeviceSecret = (text: string): SessionChannelMessage | undefined => {
  try {
    const secret = base64urlnopad.decode(text);
    return secret.length === deviceSecretBytes ? { type: 'device_secret', secret } : undefined;
  } catch {
    return undefined;
  }
};
