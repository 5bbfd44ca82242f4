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
  | { readonly type: 'replace' };

/** An event for a session, and the frame that came with it when it is to be relayed. */
export interface Delivery {
  readonly event: SessionEvent;
  readonly frame?: Uint8Array;
}

/** A value now, or later where a network lies between. */
export type Eventually<Value> = Value | Promise<Value>;

/**
 * Carries events to the node that owns a session (the one with its desktop's connection) and commands back to the
 * connections. Deliveries to one session, and commands to one connection, keep their order.
 */
export interface Bus {
  /** Makes this node the session's owner; false when the name is taken anywhere. */
  claim(sessionID: SessionID, deliver: (delivery: Delivery) => void): Eventually<boolean>;
  release(sessionID: SessionID): void;
  /** Brings an event to the session's owner; false when nobody owns it. */
  toOwner(sessionID: SessionID, delivery: Delivery): Eventually<boolean>;
  attach(connection: ConnectionID, execute: (command: ConnectionCommand) => void): void;
  detach(connection: ConnectionID): void;
  /** A connection that has gone hears nothing. */
  toConnection(connection: ConnectionID, command: ConnectionCommand): void;
}
