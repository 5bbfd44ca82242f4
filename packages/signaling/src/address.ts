import { isIPv4, isIPv6 } from 'node:net';

import { type BucketRules, TokenBucket } from './token-bucket.js';

/** What the server remembers of an address while it has connections, or has asked a little while ago. */
export interface AddressRecord {
  connections: number;
  readonly pairBucket: TokenBucket;
}

/** Expands an IPv6 address to its eight groups. */
const groupsOf = (address: string): readonly string[] => {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right];
};

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 address, which one household has to itself. */
export const addressKey = (address: string): string => {
  const plain = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  if (!isIPv6(plain)) return plain;
  const network = groupsOf(plain.toLowerCase()).slice(0, 4);
  return network.map((group) => group.replace(/^0+(?=.)/, '')).join(':') + '::/64';
};

/** Connections and requests by address. An address that is quiet for long enough is forgotten. */
export class AddressTable {
  readonly #records = new Map<string, AddressRecord>();
  readonly #pairRules: BucketRules;

  constructor(pairRules: BucketRules) {
    this.#pairRules = pairRules;
  }

  get size(): number {
    return this.#records.size;
  }

  record(key: string, now: number): AddressRecord {
    this.#forgetOldest(now);
    const known = this.#records.get(key);
    if (known) return known;
    const record: AddressRecord = { connections: 0, pairBucket: new TokenBucket(this.#pairRules, now) };
    this.#records.set(key, record);
    return record;
  }

  /** Looks at the two oldest records at every call: what piles up is bounded by what comes in. */
  #forgetOldest(now: number): void {
    let looked = 0;
    for (const [key, record] of this.#records) {
      if (looked === 2) return;
      looked += 1;
      this.#records.delete(key);
      if (record.connections > 0 || !record.pairBucket.isFull(now)) this.#records.set(key, record);
    }
  }
}
