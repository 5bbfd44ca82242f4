/**
 * The wire's messages as TypeBox schemas, which are JSON Schema as they stand.
 *
 * Only the build (which generates validators from them) and the documentation load this module: at run time the
 * generated functions do the work, so that no page pays for TypeBox. Lengths are written as patterns, since a pattern
 * with the `u` flag counts characters as people do, and not UTF-16 units.
 */
import { Type, type TProperties } from 'typebox';

const sessionID = Type.String({ pattern: '^[A-Za-z0-9_-]{6,64}$' });
const uuid = Type.String({ pattern: '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' });
const peerToken = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' });
const promptID = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });
const auth = Type.String({ pattern: '^[\\s\\S]{0,256}$' });
const desktopToken = Type.String({ pattern: '^[\\s\\S]{0,256}$' });
const reason = Type.String({ pattern: '^[a-z_]{1,64}$' });
const seconds = Type.Number({ minimum: 0 });

/** Shown to a person, so nothing that could disguise it: no control, bidi-control or unpaired surrogate characters. */
const shownText = Type.String({
  pattern: '^[^\\p{Cc}\\p{Cs}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]{1,128}$',
});
const deviceInfo = Type.Object({ name: shownText, id: shownText });
const sessionType = Type.Union([Type.Literal('one_time'), Type.Literal('temporary'), Type.Literal('persistent')]);
const payload = Type.Union([Type.Object({ sdp: Type.Unknown() }), Type.Object({ candidate: Type.Unknown() })]);
const iceServers = Type.Array(
  Type.Object({
    urls: Type.Union([Type.String(), Type.Array(Type.String())]),
    username: Type.Optional(Type.String()),
    credential: Type.Optional(Type.String()),
  }),
);

const message = <const T extends string, P extends TProperties>(type: T, properties: P) =>
  Type.Object({ type: Type.Literal(type), ...properties });

/** What a peer may send to the server. */
export const clientSchemas = {
  session_create: message('session_create', {
    sessionID,
    uuid,
    sessionType: Type.Optional(sessionType),
    ttlSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000_000 })),
    peerToken: Type.Optional(peerToken),
    token: Type.Optional(desktopToken),
  }),
  session_close: message('session_close', { sessionID }),
  pair_request: message('pair_request', {
    sessionID,
    deviceInfo,
    peerToken: Type.Optional(peerToken),
    auth: Type.Optional(auth),
  }),
  pair_response: message('pair_response', {
    sessionID,
    approved: Type.Boolean(),
    promptID: Type.Optional(promptID),
    reason: Type.Optional(reason),
  }),
  signal: message('signal', { sessionID, payload }),
  ping: message('ping', {}),
};

/** What the server sends to a peer. */
export const serverSchemas = {
  session_created: message('session_created', {
    sessionID,
    uuid,
    sessionType,
    expiresInSeconds: Type.Union([seconds, Type.Null()]),
    resumed: Type.Optional(Type.Boolean()),
    iceServers: Type.Optional(iceServers),
  }),
  session_closed: message('session_closed', {
    sessionID,
    reason,
    reconnectAfterSeconds: Type.Optional(seconds),
  }),
  pair_prompt: message('pair_prompt', {
    sessionID,
    deviceInfo,
    promptID: Type.Optional(promptID),
    timeoutSeconds: Type.Optional(seconds),
    auth: Type.Optional(auth),
  }),
  pair_cancel: message('pair_cancel', { sessionID, promptID: Type.Optional(promptID), reason }),
  pair_result: message('pair_result', {
    sessionID,
    status: Type.Union([Type.Literal('approved'), Type.Literal('rejected')]),
    reason: Type.Optional(reason),
    resumed: Type.Optional(Type.Boolean()),
    expiresInSeconds: Type.Optional(Type.Union([seconds, Type.Null()])),
    iceServers: Type.Optional(iceServers),
  }),
  signal: message('signal', { sessionID, payload }),
  peer_state: message('peer_state', {
    sessionID,
    state: Type.Union([Type.Literal('connected'), Type.Literal('lost'), Type.Literal('left')]),
  }),
  pong: message('pong', {}),
  error: message('error', {
    code: Type.String({ pattern: '^[a-z_]{1,64}$' }),
    message: Type.String(),
    replyTo: Type.Optional(Type.String()),
    sessionID: Type.Optional(sessionID),
  }),
};
