import { createHmac } from 'node:crypto';

import type { IceServer, SessionID } from '@proxim/protocol';

/** Past a session's end: what begins in its last moment still gets its relay, and clocks differ. */
const marginSeconds = 600;
/** However little is left of a session: what was told once serves every connection that is made in it. */
const leastSeconds = 3600;
/** Where no end is known. The desktop asks anew after half of it. */
const endlessSeconds = 86_400;

/** A name and its password, as a TURN server with a shared secret takes them. */
export interface TurnCredentials {
  readonly username: string;
  readonly credential: string;
}

/**
 * Time-limited TURN credentials (draft-uberti-behave-turn-rest-00, section 2.2; coturn's `use-auth-secret`). SHA-1 is
 * what TURN servers compute here; an HMAC does not lean on what SHA-1 has lost.
 *
 * @param options `expiresAt` in Unix seconds; `user` says whose they are, and holds no colon
 */
export const turnCredentials = (options: {
  readonly secret: string;
  readonly user: string;
  readonly expiresAt: number;
}): TurnCredentials => {
  const username = `${String(Math.ceil(options.expiresAt))}:${options.user}`;
  return { username, credential: createHmac('sha1', options.secret).update(username).digest('base64') };
};

/** How long credentials are good for, in seconds; `null` is a session of which no end is known. */
const turnLifeSeconds = (expiresInSeconds: number | null): number =>
  expiresInSeconds === null ? endlessSeconds : Math.max(leastSeconds, expiresInSeconds + marginSeconds);

/**
 * What the TURN server writes into its log instead of a session's name. Without the key nobody can tell which session it
 * was, not even by trying names.
 */
const sessionPseudonym = (key: Uint8Array, sessionID: SessionID): string =>
  createHmac('sha256', key).update(sessionID).digest('base64url').slice(0, 16);

const isTurn = (url: string): boolean => /^turns?:/i.test(url);

/**
 * The option `iceServers` of a server whose TURN servers share a secret with it: each session gets credentials of its own.
 *
 * @param options `urls` of STUN and TURN servers, of which the former get none; `pseudonymKey` should be random, and
 * known to this process alone; `wallClock` in Unix milliseconds
 *
 * @example
 * const iceServers = turnIceServers({
 *   urls: ['turn:turn.example:3478'],
 *   secret,
 *   pseudonymKey: randomBytes(32),
 *   wallClock: () => Date.now(),
 * });
 * const server = createSignalingServer({ iceServers });
 */
export const turnIceServers =
  (options: {
    readonly urls: readonly string[];
    readonly secret: string;
    readonly pseudonymKey: Uint8Array;
    readonly wallClock: () => number;
  }): ((sessionID: SessionID, expiresInSeconds: number | null) => readonly IceServer[]) =>
  (sessionID, expiresInSeconds) => {
    const credentials = turnCredentials({
      secret: options.secret,
      user: sessionPseudonym(options.pseudonymKey, sessionID),
      expiresAt: options.wallClock() / 1000 + turnLifeSeconds(expiresInSeconds),
    });
    return options.urls.map((urls) => (isTurn(urls) ? { urls, ...credentials } : { urls }));
  };
