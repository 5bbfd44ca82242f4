import type { ConnectionID, SessionID } from '@proxim/protocol';

/** A connection that has its seat in a session that lives on another node, or the other way round. */
export interface RemoteSeat {
  readonly connection: ConnectionID;
  readonly sessionID: SessionID;
}

/** The seats that this node has in common with each of the others. */
export class RemoteSeats {
  readonly #byNode = new Map<string, Map<ConnectionID, Set<SessionID>>>();

  get nodes(): Iterable<string> {
    return this.#byNode.keys();
  }

  add(node: string, { connection, sessionID }: RemoteSeat): void {
    const connections = this.#byNode.get(node) ?? new Map<ConnectionID, Set<SessionID>>();
    this.#byNode.set(node, connections);
    const sessions = connections.get(connection);
    if (sessions) sessions.add(sessionID);
    else connections.set(connection, new Set([sessionID]));
  }

  has(connection: ConnectionID, sessionID: SessionID): boolean {
    for (const connections of this.#byNode.values()) {
      if (connections.get(connection)?.has(sessionID) === true) return true;
    }
    return false;
  }

  remove({ connection, sessionID }: RemoteSeat): void {
    for (const [node, connections] of this.#byNode) {
      const sessions = connections.get(connection);
      if (!sessions?.delete(sessionID)) continue;
      if (sessions.size === 0) connections.delete(connection);
      if (connections.size === 0) this.#byNode.delete(node);
    }
  }

  /** Every seat of a connection that has gone. */
  removeConnection(connection: ConnectionID): void {
    for (const [node, connections] of this.#byNode) {
      if (connections.delete(connection) && connections.size === 0) this.#byNode.delete(node);
    }
  }

  /** Takes out all seats that were shared with a node. */
  takeNode(node: string): readonly RemoteSeat[] {
    const connections = this.#byNode.get(node);
    this.#byNode.delete(node);
    return [...(connections ?? [])].flatMap(([connection, sessions]) =>
      [...sessions].map((sessionID) => ({ connection, sessionID })),
    );
  }
}
