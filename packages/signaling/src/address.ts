import { isIPv6 } from 'node:net';

import { type BucketRules, type Clock, type Limits, TokenBucket } from '@proxim/protocol';

import { Pace } from './pace.js';

/** A socket that is no WebSocket, or none yet. */
export interface Visitor {
  /** Whether a request of it is being answered. */
  readonly isServed: boolean;
  end(): void;
}

/** What the server remembers of an address while it has connections, or has asked a little while ago. */
export interface AddressRecord {
  /** WebSockets. */
  connections: number;
  /** The oldest first. */
  readonly visitors: Set<Visitor>;
  /** What it asks of sessions. */
  readonly pairBucket: TokenBucket;
  /** What it asks of HTTP: pages and upgrades. */
  readonly requestBucket: TokenBucket;
  /** How often it hears that it asked too much of HTTP; beyond that its sockets end unheard. */
  readonly refusals: TokenBucket;
  /** How fast what its connections send is read and dealt with. */
  readonly pace: Pace;
  /** Has tokens for whoever asks little of HTTP: he need not wait his turn. */
  readonly courtesy: TokenBucket;
}

/** `1.2.3.4` to the two groups that it is in IPv6; any other group stays. */
const withoutDots = (group: string): readonly string[] => {
  if (!group.includes('.')) return [group];
  const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
};

/** Expands an IPv6 address to its eight groups, without leading zeros. */
const groupsOf = (address: string): readonly string[] => {
  const read = (part: string | undefined): readonly string[] =>
    part === undefined || part === '' ? [] : part.split(':').flatMap(withoutDots);
  const [head, tail] = address.toLowerCase().split('::');
  const left = read(head);
  const right = read(tail);
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right];
  return groups.map((group) => group.replace(/^0+(?=.)/, ''));
};

/** The IPv4 address that `::ffff:0:0/96` maps, given the groups. */
const mappedIPv4 = (groups: readonly string[]): string | undefined => {
  if (groups.slice(0, 5).some((group) => group !== '0') || groups[5] !== 'ffff') return undefined;
  return groups
    .slice(6)
    .flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255])
    .join('.');
};

/** An address in its one spelling: IPv4 where IPv6 only maps it, without a zone, every group written out. */
export const canonicalAddress = (address: string): string => {
  const plain = address.replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const groups = groupsOf(plain);
  return mappedIPv4(groups) ?? groups.join(':');
};

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 address, which one household has to itself. */
export const addressKey = (address: string): string => {
  const canonical = canonicalAddress(address);
  return canonical.includes(':') ? `${canonical.split(':').slice(0, 4).join(':')}::/64` : canonical;
};

/** Looked at in one call, at most: whoever has a whole /32 to ask from makes no call a long one. */
const lookedAtWhenFull = 16;

/** Connections and requests by address. An address that is quiet for long enough is forgotten. */
export class AddressTable {
  readonly #records = new Map<string, AddressRecord>();
  readonly #maxRecords: number;
  readonly #clock: Clock;
  /** The same objects for every address: there may be very many of them. */
  readonly #rules: Readonly<Record<'pair' | 'request' | 'refusals' | 'pace' | 'courtesy', BucketRules>>;

  constructor(limits: Limits, clock: Clock) {
    this.#maxRecords = limits.maxConnections;
    this.#clock = clock;
    const { pairBurst, pairRate, requestBurst, requestRate, addressBurst, addressRate } = limits;
    this.#rules = {
      pair: { burst: pairBurst, rate: pairRate },
      request: { burst: requestBurst, rate: requestRate },
      refusals: { burst: requestBurst / 4, rate: requestRate / 4 },
      pace: { burst: addressBurst, rate: addressRate },
      courtesy: { burst: requestBurst / 10, rate: requestRate / 5 },
    };
  }

  get size(): number {
    return this.#records.size;
  }

  record(key: string): AddressRecord {
    const now = this.#clock.now();
    this.#forget(
      2,
      ({ pairBucket, requestBucket, pace }) => pairBucket.isFull(now) && requestBucket.isFull(now) && pace.isFull(now),
    );
    const known = this.#records.get(key);
    if (known) return known;
    // Beyond this many the oldest goes, though its buckets are not full: a new address would find full ones as well.
    if (this.#records.size >= this.#maxRecords) this.#forget(lookedAtWhenFull, () => true);
    const rules = this.#rules;
    const record: AddressRecord = {
      connections: 0,
      visitors: new Set(),
      pairBucket: new TokenBucket(rules.pair, now),
      requestBucket: new TokenBucket(rules.request, now),
      refusals: new TokenBucket(rules.refusals, now),
      pace: new Pace(rules.pace, this.#clock),
      courtesy: new TokenBucket(rules.courtesy, now),
    };
    this.#records.set(key, record);
    return record;
  }

  /** Looks at the oldest records: what piles up is bounded by what comes in. Who holds a socket is remembered. */
  #forget(count: number, isForgettable: (record: AddressRecord) => boolean): void {
    let looked = 0;
    for (const [key, record] of this.#records) {
      if (looked === count) return;
      looked += 1;
      this.#records.delete(key);
      const isHeld = record.connections > 0 || record.visitors.size > 0;
      if (isHeld || !isForgettable(record)) this.#records.set(key, record);
    }
  }
}
