import type { PeerToken, SessionID } from '@proxim/protocol';
import { base64urlnopad } from '@scure/base';

type RandomBytes = (length: number) => Uint8Array;

/** 128 random bits, base64url. */
export const randomSessionID = (randomBytes: RandomBytes): SessionID =>
  base64urlnopad.encode(randomBytes(16)) as SessionID;

/** 128 random bits, base64url. */
export const randomPeerToken = (randomBytes: RandomBytes): PeerToken =>
  base64urlnopad.encode(randomBytes(16)) as PeerToken;

/** A UUID of version 4 (RFC 9562, section 5.4). */
export const randomUuid = (randomBytes: RandomBytes): string => {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/** A number in [0, 1), from strong randomness: for jitter, so that peers which lost one server return one by one. */
export const randomFraction = (randomBytes: RandomBytes): number => {
  const bytes = randomBytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
};
