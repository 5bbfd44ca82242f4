import type { IceServer } from '@proxim/protocol';

import { readIceServers, usableIceServers } from './ice-servers.js';

/** Eight that are told at once, and as many again for an operator who moves them. */
const maxAddresses = 16;

/**
 * Which STUN and TURN servers a relay may have called from here. It names them anew as often as it likes, each time for
 * another connection: without this one that lies could have a phone or a desktop look up and call any number of hosts.
 */
export class IceServerBook {
  readonly #known = new Set<string>();

  /** The servers out of a relay's list that are used: readable, and at one of the first sixteen addresses that it named. */
  take(servers: readonly IceServer[]): readonly IceServer[] {
    const read = readIceServers(servers);
    return usableIceServers(servers).filter((_, index) => {
      const { hostname = '', port = 0 } = read[index] ?? {};
      return this.#admits(`${hostname.toLowerCase()}:${String(port)}`);
    });
  }

  #admits(address: string): boolean {
    if (!this.#known.has(address) && this.#known.size < maxAddresses) this.#known.add(address);
    return this.#known.has(address);
  }
}
