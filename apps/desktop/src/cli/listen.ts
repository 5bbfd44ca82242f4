import { isProximError, ProximError } from '@proxim/protocol';
import type { SignalingServer } from '@proxim/signaling';

import { defaultPort, portsToTry } from '../host/default-port.js';

/**
 * Listens on the port that was asked for; else on the one that phones come back to, on the default one, or on the next
 * that is free.
 *
 * @param at `known`: the port of earlier runs; null when no phone comes back
 * @returns the port
 * @throws ProximError `port_in_use` and whatever else the server says
 */
export const listenSomewhere = async (
  server: SignalingServer,
  at: { readonly host?: string | undefined; readonly port?: number | undefined; readonly known: number | null },
): Promise<number> => {
  const host = at.host === undefined ? {} : { host: at.host };
  if (at.port !== undefined) return (await server.listen({ port: at.port, ...host })).port;
  const usual = Array.from({ length: portsToTry }, (_, index) => defaultPort + index);
  for (const port of at.known === null ? usual : [at.known, ...usual]) {
    try {
      return (await server.listen({ port, ...host })).port;
    } catch (error) {
      if (!isProximError(error) || error.code !== 'port_in_use') throw error;
    }
  }
  const message = `The ports from ${String(defaultPort)} on are all taken. Choose one with --port.`;
  throw new ProximError('port_in_use', message);
};
