import type { Socket } from 'node:net';

import type { Clock, Limits, Timer } from '@proxim/protocol';

import { type AddressRecord, addressKey, type AddressTable, canonicalAddress, type Visitor } from './address.js';

interface Visit extends Visitor {
  readonly address: AddressRecord | undefined;
  isServed: boolean;
  timer: Timer | undefined;
  /** Its socket no longer says when it closes: a WebSocket lives for long, and would keep all this. */
  readonly unwatch: () => void;
}

/** The ends of a TCP connection, which tell it from all others that are open, below TLS and above it. */
type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress'>;
const nameOf = ({ remoteAddress, remotePort, localAddress }: Ends): string =>
  `${remoteAddress ?? ''} ${String(remotePort)} ${localAddress ?? ''}`;

/** Of so many, at most, one is looked for that is not being served. */
const lookedAt = 64;

const endOldest = (visitors: Iterable<Visitor>): void => {
  let oldest: Visitor | undefined;
  let looked = 0;
  for (const visitor of visitors) {
    oldest ??= visitor;
    if (!visitor.isServed) {
      visitor.end();
      return;
    }
    looked += 1;
    if (looked === lookedAt) break;
  }
  oldest?.end();
};

const isBeyondTelling = ({ requestBucket, refusals }: AddressRecord, now: number): boolean =>
  !requestBucket.has(now) && !refusals.has(now);

/**
 * The sockets that are no WebSockets, or none yet: those that load a page and those that never say what they want. Each
 * has its time. Where there are too many, of one address or in all, the oldest goes: an honest one needs a moment.
 */
export class Visitors {
  readonly #visits = new Map<string, Visit>();
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #addresses: AddressTable;
  readonly #trustedProxies: ReadonlySet<string>;

  constructor(options: {
    readonly clock: Clock;
    readonly limits: Limits;
    readonly addresses: AddressTable;
    /** They bring everybody's sockets, and so have no limit of their own. */
    readonly trustedProxies: ReadonlySet<string>;
  }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#addresses = options.addresses;
    this.#trustedProxies = options.trustedProxies;
  }

  /**
   * A socket has connected.
   *
   * @returns `ended` when it may not stay, `in turn` when its address has asked for so much that it waits its turn
   */
  enter(socket: Socket): 'at once' | 'in turn' | 'ended' {
    const remote = canonicalAddress(socket.remoteAddress ?? '');
    const isProxy = this.#trustedProxies.has(remote);
    const address = isProxy ? undefined : this.#addresses.record(addressKey(remote));
    // It has been told often enough; to tell it again costs more than to accept a socket.
    if (address && isBeyondTelling(address, this.#clock.now())) {
      socket.destroy();
      return 'ended';
    }
    const { maxConnectionsPerAddress, maxConnections, handshakeTimeoutSeconds } = this.#limits;
    if (address && address.visitors.size >= maxConnectionsPerAddress) endOldest(address.visitors);
    if (this.#visits.size >= maxConnections) endOldest(this.#visits.values());

    const name = nameOf(socket);
    const onClose = (): void => {
      this.#forget(name, visit);
    };
    const visit: Visit = {
      address,
      isServed: false,
      timer: undefined,
      unwatch: () => {
        socket.off('close', onClose);
      },
      end: () => {
        this.#forget(name, visit);
        socket.destroy();
      },
    };
    this.#visits.set(name, visit);
    address?.visitors.add(visit);
    this.#giveTime(visit, handshakeTimeoutSeconds);
    socket.once('close', onClose);
    return !address || address.courtesy.has(this.#clock.now()) ? 'at once' : 'in turn';
  }

  /**
   * A request has been read from a socket.
   *
   * @returns false when an earlier one is still being answered: no browser asks so, and its socket has been ended.
   */
  beginAnswer(ends: Ends): boolean {
    const visit = this.#visits.get(nameOf(ends));
    // It has ended since: what it asked in the same breath is not answered either.
    if (!visit) return false;
    if (visit.isServed) {
      visit.end();
      return false;
    }
    visit.isServed = true;
    this.#giveTime(visit, this.#limits.responseTimeoutSeconds);
    return true;
  }

  /** The answer is complete; the socket may ask again. */
  endAnswer(ends: Ends): void {
    const visit = this.#visits.get(nameOf(ends));
    if (!visit) return;
    visit.isServed = false;
    this.#giveTime(visit, this.#limits.handshakeTimeoutSeconds);
  }

  /** A socket has become a WebSocket, and its connection watches it from now on. */
  leave(ends: Ends): void {
    const name = nameOf(ends);
    const visit = this.#visits.get(name);
    if (visit) this.#forget(name, visit);
  }

  #forget(name: string, visit: Visit): void {
    visit.timer?.cancel();
    visit.unwatch();
    visit.address?.visitors.delete(visit);
    if (this.#visits.get(name) === visit) this.#visits.delete(name);
  }

  #giveTime(visit: Visit, seconds: number): void {
    visit.timer?.cancel();
    visit.timer = this.#clock.setTimer(seconds * 1000, () => {
      visit.end();
    });
  }
}
