import type { Static } from 'typebox';

import type { PeerToken, PromptID, SessionID } from './ids.js';
import type { clientSchemas, serverSchemas } from './schemas.js';

/** The schemas speak of strings; here the ids that must not be mixed up get their brands. */
type WithBrands<M> = {
  [Key in keyof M]: Key extends 'sessionID'
    ? Replace<M[Key], SessionID>
    : Key extends 'promptID'
      ? Replace<M[Key], PromptID>
      : Key extends 'peerToken'
        ? Replace<M[Key], PeerToken>
        : M[Key];
};
type Replace<Type, Brand> = Type extends string ? Brand : Type;

type ClientSchemas = typeof clientSchemas;
type ServerSchemas = typeof serverSchemas;

/** One client message by its `type`. */
export type ClientMessageOf<T extends keyof ClientSchemas> = WithBrands<Static<ClientSchemas[T]>>;
/** One server message by its `type`. */
export type ServerMessageOf<T extends keyof ServerSchemas> = WithBrands<Static<ServerSchemas[T]>>;

/** What a peer may send to the server. */
export type ClientMessage = { [T in keyof ClientSchemas]: ClientMessageOf<T> }[keyof ClientSchemas];
/** What the server sends to a peer. */
export type ServerMessage = { [T in keyof ServerSchemas]: ServerMessageOf<T> }[keyof ServerSchemas];

export type SessionCreate = ClientMessageOf<'session_create'>;
export type PairRequest = ClientMessageOf<'pair_request'>;
export type PairPrompt = ServerMessageOf<'pair_prompt'>;
export type PairResult = ServerMessageOf<'pair_result'>;
/** How a device calls itself: shown, never trusted. */
export type DeviceInfo = PairRequest['deviceInfo'];
/** `one_time` ends with the direct connection, `temporary` after its time, `persistent` when the desktop closes it. */
export type SessionType = NonNullable<SessionCreate['sessionType']>;
/** What travels in a `signal`: an object with `sdp` or `candidate`; more is between the peers. */
export type SignalPayload = ClientMessageOf<'signal'>['payload'];
/** What a peer is told of the other's connection to the server. */
export type PeerPresence = ServerMessageOf<'peer_state'>['state'];
/** A STUN or TURN server, in the shape of W3C's `RTCIceServer`. */
export type IceServer = NonNullable<ServerMessageOf<'session_created'>['iceServers']>[number];
