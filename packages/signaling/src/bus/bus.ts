import type { ConnectionID, SessionEvent, SessionID } from '@proxim/protocol';

/** What the owner of a session has done to one of its connections, wherever that is. */
export type ConnectionCommand =
  | { readonly type: 'send'; readonly frame: string | Uint8Array }
  | {
      readonly type: 'seat';
      readonly sessionID: SessionID;
      readonly role: 'desktop' | 'mobile';
      readonly known: boolean;
    }
  | { readonly type: 'unseat'; readonly sessionID: SessionID }
  | { readonly type: 'replace' }
  /** The session's owner is gone, or not reached: whoever has a seat there has to ask for it anew. */
  | { readonly type: 'owner_lost'; readonly sessionID: SessionID };

/** An event for a session, and the frame that came with it when it is to be relayed. */
export interface Delivery {
  readonly event: SessionEvent;
  readonly frame?: Uint8Array;
}

/** What the owner of a session is told by the bus. */
export interface Owner {
  readonly deliver: (delivery: Delivery) => void;
  /** The session is owned by another node now, which its desktop has gone to: it is to be forgotten without a word of its own. */
  readonly superseded: () => void;
}

/** A value now, or later where a network lies between. */
export type Eventually<Value> = Value | Promise<Value>;

/**
 * Carries events to the node that owns a session (the one with its desktop's connection) and commands back to the
 * connections. Deliveries to one session, and commands to one connection, keep their order.
 */
export interface Bus {
  /** This node's name, with which the names of its connections begin; empty for a server that stands alone. No dot in it. */
  readonly node: string;
  /**
   * Makes this node the session's owner; false when the name is taken anywhere.
   *
   * @throws ProximError `cluster_unavailable`, as a rejection, when the other nodes cannot be asked
   */
  claim(sessionID: SessionID, owner: Owner): Eventually<boolean>;
  release(sessionID: SessionID): void;
  /**
   * Brings an event to the session's owner; false when nobody owns it. The end of a connection is told and not asked.
   *
   * @throws ProximError `cluster_unavailable`, as a rejection, when the owner may be elsewhere and cannot be asked
   */
  toOwner(sessionID: SessionID, delivery: Delivery): Eventually<boolean>;
  /** Whether this connection has its seat in a session of another node that can be reached: a signal of it is told, not asked. */
  isSeatedElsewhere(sessionID: SessionID, connection: ConnectionID): boolean;
  attach(connection: ConnectionID, execute: (command: ConnectionCommand) => void): void;
  detach(connection: ConnectionID): void;
  /** A connection that has gone hears nothing. */
  toConnection(connection: ConnectionID, command: ConnectionCommand): void;
}
