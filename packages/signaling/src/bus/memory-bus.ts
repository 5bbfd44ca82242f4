import type { ConnectionID, SessionID } from '@proxim/protocol';

import type { Bus, ConnectionCommand, Owner } from './bus.js';

/** The bus of a server that stands alone: everything is here, and every answer is immediate. */
export const createMemoryBus = (): Bus => {
  const owners = new Map<SessionID, Owner>();
  const connections = new Map<ConnectionID, (command: ConnectionCommand) => void>();
  return {
    node: '',
    claim: (sessionID, owner) => {
      if (owners.has(sessionID)) return false;
      owners.set(sessionID, owner);
      return true;
    },
    release: (sessionID) => {
      owners.delete(sessionID);
    },
    toOwner: (sessionID, delivery) => {
      const owner = owners.get(sessionID);
      owner?.deliver(delivery);
      return owner !== undefined;
    },
    isSeatedElsewhere: () => false,
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
