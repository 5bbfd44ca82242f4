declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Names a session and joins its two peers: 6 to 64 characters of `A-Za-z0-9_-`, made by the desktop. */
export type SessionID = Branded<'SessionID'>;
/** Ties an answer to the question that the user saw; made by the server for each prompt. */
export type PromptID = Branded<'PromptID'>;
/** 128 random bits, base64url (22 characters), made by a peer for one session: the same token is the same peer. */
export type PeerToken = Branded<'PeerToken'>;
/** One socket, as the session's logic sees it: opaque, unique within a cluster. */
export type ConnectionID = Branded<'ConnectionID'>;

const sessionIDPattern = /^[A-Za-z0-9_-]{6,64}$/;
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether `text` has the form of a session's name. */
export const isSessionID = (text: string): text is SessionID => sessionIDPattern.test(text);

/** Whether `text` has the form that RFC 9562 gives a UUID, of any version. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);
