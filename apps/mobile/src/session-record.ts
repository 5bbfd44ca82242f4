import type { MobileMemory } from '@proxim/peer';
import { deviceSecretBytes, type Link, makeLink, parseLink, type PeerToken } from '@proxim/protocol';

import { type KeptText, parseKept } from './storage.js';

/** What this tab keeps of a session until it ends, so that a reload comes back. */
export interface SessionRecord {
  readonly link: Link;
  /** How this phone calls itself in this session, and in no other. */
  readonly deviceID: string;
  /** Undefined until the first request. */
  readonly memory: MobileMemory | undefined;
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const fromHex = (text: string): Uint8Array | undefined => {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
};

const isPeerToken = (text: string): text is PeerToken => /^[A-Za-z0-9_-]{22}$/.test(text);

export const newDeviceID = (randomBytes: (length: number) => Uint8Array): string => toHex(randomBytes(8));

export const writeRecord = (kept: KeptText, { link, deviceID, memory }: SessionRecord): void => {
  const remembered = memory && {
    peerToken: memory.peerToken,
    deviceSecret: memory.deviceSecret && toHex(memory.deviceSecret),
    wasApproved: memory.wasApproved,
  };
  kept.write(JSON.stringify({ link: makeLink(link), deviceID, ...remembered }));
};

/** Reads the record; undefined when there is none, or none that is whole. */
export const readRecord = (kept: KeptText): SessionRecord | undefined => {
  const value = parseKept(kept.read());
  if (typeof value?.['link'] !== 'string' || typeof value['deviceID'] !== 'string') return undefined;
  const link = parseLink(value['link']);
  if (!link.ok || !/^[0-9a-f]{1,64}$/.test(value['deviceID'])) return undefined;
  return { link: link.value, deviceID: value['deviceID'], memory: readMemory(value) };
};

const readMemory = (value: Readonly<Record<string, unknown>>): MobileMemory | undefined => {
  const { peerToken, deviceSecret, wasApproved } = value;
  if (typeof peerToken !== 'string' || !isPeerToken(peerToken) || typeof wasApproved !== 'boolean') return undefined;
  if (deviceSecret === undefined) return { peerToken, deviceSecret, wasApproved };
  const secret = typeof deviceSecret === 'string' ? fromHex(deviceSecret) : undefined;
  return secret?.length === deviceSecretBytes ? { peerToken, deviceSecret: secret, wasApproved } : undefined;
};
