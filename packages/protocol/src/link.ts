import { base64urlnopad } from '@scure/base';

import { linkSecretBytes } from './secret-sizes.js';
import { isSessionID, isUuid, type SessionID } from './ids.js';
import { failure, type Result, success } from './result.js';

/** What a QR code says: where to go, which session, and the secret that proves that the code was read. */
export interface Link {
  /** `http://192.168.1.7:47800`: scheme, host and port of the page, without a trailing slash. */
  readonly origin: string;
  readonly sessionID: SessionID;
  readonly uuid: string;
  /** `k`: 16 random bytes. Never sent to anybody. */
  readonly secret: Uint8Array;
  /** The computer's name, for the phone to show. */
  readonly computerName?: string;
  /** Where signaling is, when not at the page's own origin: `host:port`, or a `ws:` or `wss:` URL. */
  readonly signaling?: string;
}

/** Why a link could not be read. */
export type LinkFault = 'not_a_link' | 'other_version' | 'incomplete';

/** A phone's keyboard begins with a capital, so neither scheme nor host minds the case. */
const linkForm = /^\s*(https?:\/\/(?:\[[0-9a-f:.]+\](?::\d{1,5})?|[^\s/?#@[\]]+))\/?#(\S*)\s*$/i;
const signalingForm = /^(?:wss?:\/\/)?(?:\[[0-9a-fA-F:.]+\]|[^\s/?#@[\]:]+)(?::\d{1,5})?(?:\/[^\s?#]*)?$/;

/** Writes the link of a session. The fragment, all behind `#`, never reaches a server. */
export const makeLink = (link: Link): string => {
  const fields = [
    'v=1',
    `s=${link.sessionID}`,
    `u=${link.uuid}`,
    `k=${base64urlnopad.encode(link.secret)}`,
    ...(link.computerName === undefined ? [] : [`n=${encodeURIComponent(shownName(link.computerName))}`]),
    ...(link.signaling === undefined ? [] : [`a=${encodeURIComponent(link.signaling)}`]),
  ];
  return `${link.origin}/#${fields.join('&')}`;
};

/**
 * Reads a link, scanned or pasted.
 *
 * @returns the link, or `not_a_link` (something else altogether), `other_version` (made by a Proxim that this one does
 * not know) or `incomplete` (a part is missing or damaged, as when it was pasted by half).
 */
export const parseLink = (text: string): Result<Link, LinkFault> => {
  const [, origin, fragment] = linkForm.exec(text) ?? [];
  if (origin === undefined || fragment === undefined) return failure('not_a_link');
  const fields = parseFragment(fragment);
  if (!fields) return failure('incomplete');
  const version = fields.get('v');
  if (version === undefined) return failure('not_a_link');
  if (version === '') return failure('incomplete');
  if (version !== '1') return failure('other_version');

  const sessionID = fields.get('s') ?? '';
  const uuid = fields.get('u') ?? '';
  const secret = parseSecret(fields.get('k') ?? '');
  const computerName = fields.get('n');
  const signaling = fields.get('a');
  if (!isSessionID(sessionID) || !isUuid(uuid) || !secret) return failure('incomplete');
  // Half a character could be read, and never be written again.
  const isWritable = signaling === undefined || !/\p{Cs}/u.test(signaling);
  if (signaling !== undefined && (!signalingForm.test(signaling) || !isWritable)) return failure('incomplete');
  return success({
    origin: origin.toLowerCase(),
    sessionID,
    uuid,
    secret,
    ...(computerName === undefined ? {} : { computerName: shownName(computerName) }),
    ...(signaling === undefined ? {} : { signaling }),
  });
};

/** The WebSocket URL that a link leads to. `a` without a scheme is as safe, or not, as the page that it stands on. */
export const signalingUrl = (link: Pick<Link, 'origin' | 'signaling'>): string => {
  const secure = link.origin.startsWith('https:');
  const { signaling } = link;
  if (signaling === undefined) return `${link.origin.replace(/^http/, 'ws')}/signal`;
  if (/^wss?:\/\//.test(signaling)) return signaling;
  return `${secure ? 'wss' : 'ws'}://${signaling}/signal`;
};

const parseFragment = (fragment: string): ReadonlyMap<string, string> | undefined => {
  const fields = new Map<string, string>();
  for (const part of fragment.split('&')) {
    const equals = part.indexOf('=');
    if (equals < 1) continue;
    const name = part.slice(0, equals);
    // Repeated, one of the two is not ours: nothing tells which.
    if (fields.has(name)) return undefined;
    try {
      fields.set(name, decodeURIComponent(part.slice(equals + 1)));
    } catch {
      return undefined;
    }
  }
  return fields;
};

const parseSecret = (text: string): Uint8Array | undefined => {
  try {
    const secret = base64urlnopad.decode(text);
    return secret.length === linkSecretBytes ? secret : undefined;
  } catch {
    return undefined;
  }
};

/** A name in a link is as little to be trusted as any device's: what could disguise it is taken out, and no character is cut in two. */
const shownName = (name: string): string =>
  Array.from(name.replace(/[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, ''))
    .slice(0, 128)
    .join('');
