import type { MobileMemory } from '@proxim/peer';
import {
  deviceSecretBytes,
  type Link,
  makeLink,
  parseLink,
  type PeerToken,
  type SessionType,
  sessionTypes,
} from '@proxim/protocol';

import { type Fields, type KeptText, parseKept } from './storage.js';

/** What this tab keeps of a session until it ends, so that a reload comes back. */
export interface SessionRecord {
  readonly link: Link;
  /** How this phone calls itself in this session, and in no other. */
  readonly deviceID: string;
  /** Undefined until the first request. */
  readonly memory: MobileMemory | undefined;
  /** What kind of session it is, once the computer has said so. */
  readonly sessionType?: SessionType | undefined;
  /** Whether the user has answered the question about keeping this computer: it is asked once. */
  readonly isKeepAnswered?: boolean;
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const fromHex = (text: string): Uint8Array | undefined => {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
};

const isPeerToken = (text: string): text is PeerToken => /^[A-Za-z0-9_-]{22}$/.test(text);

/** An id of 64 random bits, as hexadecimal text. */
export const newDeviceID = (randomBytes: (length: number) => Uint8Array): string => toHex(randomBytes(8));

/** The record as plain values, for JSON or for another tab. */
export const recordFields = ({ link, deviceID, memory, sessionType, isKeepAnswered }: SessionRecord): Fields => ({
  link: makeLink(link),
  deviceID,
  ...(memory && {
    peerToken: memory.peerToken,
    deviceSecret: memory.deviceSecret && toHex(memory.deviceSecret),
    wasApproved: memory.wasApproved,
  }),
  sessionType,
  isKeepAnswered,
});

/** Reads what `recordFields` wrote; undefined when link or device are not whole. */
export const parseRecord = (value: Fields): SessionRecord | undefined => {
  const { link, deviceID, sessionType, isKeepAnswered } = value;
  if (typeof link !== 'string' || typeof deviceID !== 'string' || !/^[0-9a-f]{1,64}$/.test(deviceID)) return undefined;
  const read = parseLink(link);
  if (!read.ok) return undefined;
  return {
    link: read.value,
    deviceID,
    memory: readMemory(value),
    sessionType: sessionTypes.find((type) => type === sessionType),
    ...(isKeepAnswered === true ? { isKeepAnswered } : {}),
  };
};

export const writeRecord = (kept: KeptText, record: SessionRecord): void => {
  kept.write(JSON.stringify(recordFields(record)));
};

/** Reads the record; undefined when there is none, or none that is whole. */
export const readRecord = (kept: KeptText): SessionRecord | undefined => {
  const value = parseKept(kept.read());
  return value && parseRecord(value);
};

const readMemory = (value: Fields): MobileMemory | undefined => {
  const { peerToken, deviceSecret, wasApproved } = value;
  if (typeof peerToken !== 'string' || !isPeerToken(peerToken) || typeof wasApproved !== 'boolean') return undefined;
  if (deviceSecret === undefined) return { peerToken, deviceSecret, wasApproved };
  const secret = typeof deviceSecret === 'string' ? fromHex(deviceSecret) : undefined;
  return secret?.length === deviceSecretBytes ? { peerToken, deviceSecret: secret, wasApproved } : undefined;
};
