import type { ConnectionID, SessionID } from '@proxim/protocol';

import type { Bus, ConnectionCommand, Delivery } from './bus.js';

/** The bus of a server that stands alone: everything is here, and every answer is immediate. */
export const createMemoryBus = (): Bus => {
  const owners = new Map<SessionID, (delivery: Delivery) => void>();
  const connections = new Map<ConnectionID, (command: ConnectionCommand) => void>();
  return {
    claim: (sessionID, deliver) => {
      if (owners.has(sessionID)) return false;
      owners.set(sessionID, deliver);
      return true;
    },
    release: (sessionID) => {
      owners.delete(sessionID);
    },
    toOwner: (sessionID, delivery) => {
      const deliver = owners.get(sessionID);
      deliver?.(delivery);
      return deliver !== undefined;
    },
    attach: (connection, execute) => {
      connections.set(connection, execute);
    },
    detach: (connection) => {
      connections.delete(connection);
    },
    toConnection: (connection, command) => {
      connections.get(connection)?.(command);
    },
  };
};
