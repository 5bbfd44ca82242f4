import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';

import { equalInConstantTime } from './constant-time.js';
import type { SessionID } from './ids.js';
import type { DeviceInfo } from './message.js';

declare const authKeyBrand: unique symbol;
/** The key K that authenticates one session's descriptions: 32 bytes, never sent. */
export type AuthKey = Uint8Array & { readonly [authKeyBrand]: true };

/**
 * Derives K = HKDF-SHA-256 (RFC 5869) from the link's secret and, once the phone has acknowledged it, the device secret.
 *
 * @param secrets `linkSecret` of 16 bytes; `deviceSecret` of 32 bytes, appended to it.
 */
export const deriveAuthKey = (
  sessionID: SessionID,
  secrets: { readonly linkSecret: Uint8Array; readonly deviceSecret?: Uint8Array | undefined },
): AuthKey => {
  const inputKey = secrets.deviceSecret ? concatBytes(secrets.linkSecret, secrets.deviceSecret) : secrets.linkSecret;
  return hkdf(sha256, inputKey, utf8ToBytes(sessionID), utf8ToBytes('proxim/1/signal'), 32) as AuthKey;
};

/** A zero byte separates the parts: it can stand in none of them, so no two lists of parts sound alike. */
const authenticate = (key: AuthKey, parts: readonly string[]): string =>
  base64urlnopad.encode(hmac(sha256, key, utf8ToBytes(parts.join('\0'))));

/** `auth` of a `pair_request`: whoever sends it has read the QR code. */
export const authOfPairRequest = (key: AuthKey, deviceInfo: DeviceInfo): string =>
  authenticate(key, ['pair', deviceInfo.id, deviceInfo.name]);

/** `auth` of an offer: the SDP carries the DTLS fingerprint, so a relay cannot put itself between the peers. */
export const authOfOffer = (key: AuthKey, offerSdp: string): string => authenticate(key, ['offer', offerSdp]);

/** `auth` of an answer, which names the offer that it answers: an old answer cannot be played again. */
export const authOfAnswer = (key: AuthKey, offerSdp: string, answerSdp: string): string =>
  authenticate(key, ['answer', offerSdp, answerSdp]);

/** How a received `auth` stands to the expected one. */
export type AuthVerdict = 'right' | 'wrong' | 'missing';

export const judgeAuth = (expected: string, received: string | undefined): AuthVerdict => {
  if (received === undefined) return 'missing';
  return equalInConstantTime(expected, received) ? 'right' : 'wrong';
};
