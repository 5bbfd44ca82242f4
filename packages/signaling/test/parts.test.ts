import { TokenBucket, withDefaultLimits } from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';
import { describe, expect, it } from 'vitest';

import { clientAddress, faultOfRequest, machineHosts } from '../src/access.js';
import { addressKey, AddressTable } from '../src/address.js';

const requestWith = (host: string | undefined, origin: string | undefined) => ({
  headers: { host, origin },
  headersDistinct: host === undefined ? {} : { host: [host] },
});

describe('addresses', () => {
  const keys: readonly (readonly [string, string])[] = [
    ['192.168.1.7', '192.168.1.7'],
    ['::ffff:192.168.1.7', '192.168.1.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ];
  for (const [address, key] of keys) {
    it(`[LI4] ${address} counts as ${key}`, () => {
      expect(addressKey(address)).toBe(key);
    });
  }

  it('[LI6] behind a trusted proxy the address is the one that it reports last', () => {
    const proxies = new Set(['10.0.0.1']);
    expect(clientAddress('10.0.0.1', '6.6.6.6, 203.0.113.9', proxies)).toBe('203.0.113.9');
    expect(clientAddress('::ffff:10.0.0.1', '203.0.113.9', proxies)).toBe('203.0.113.9');
    expect(clientAddress('10.0.0.1', undefined, proxies)).toBe('10.0.0.1');
    expect(clientAddress('10.0.0.1', 'unknown', proxies)).toBe('10.0.0.1');
    expect(clientAddress('203.0.113.9', '6.6.6.6', proxies)).toBe('203.0.113.9');
  });

  it('[LI2] are forgotten when they are quiet and their bucket is full again', () => {
    const clock = new ManualClock();
    const table = new AddressTable(withDefaultLimits({ pairBurst: 2, pairRate: 1 }), clock);
    const busy = table.record('busy');
    busy.connections = 1;
    table.record('spent').pairBucket.take(clock.now());
    for (let index = 0; index < 100; index += 1) table.record(`other ${index}`);
    clock.advance(10_000);
    for (let round = 0; round < 100; round += 1) table.record('last');
    expect(table.size).toBe(2);
    expect(table.record('busy')).toBe(busy);
  });
});

describe('a token bucket', () => {
  it('[LI1] [LI2] gives its burst at once, then its rate, and never holds more than its burst', () => {
    const bucket = new TokenBucket({ burst: 3, rate: 2 }, 0);
    const take = (now: number) => [1, 2, 3, 4].filter(() => bucket.take(now)).length;
    expect(take(0)).toBe(3);
    expect(take(499)).toBe(0);
    expect(take(500)).toBe(1);
    expect(take(1500)).toBe(2);
    expect(bucket.isFull(2000)).toBe(false);
    expect(bucket.isFull(100_000)).toBe(true);
    expect(take(100_000)).toBe(3);
  });

  it('[LI3] takes back what cost nothing after all', () => {
    const bucket = new TokenBucket({ burst: 1, rate: 0.0001 }, 0);
    for (let index = 0; index < 5; index += 1) {
      expect(bucket.take(0)).toBe(true);
      bucket.giveBack();
    }
    bucket.giveBack();
    expect(bucket.take(0)).toBe(true);
    expect(bucket.take(0)).toBe(false);
  });
});

describe('Host and Origin', () => {
  const rules = {
    localHosts: () => new Set(['zoes-pc.local', '::1']),
    allowOrigins: ['https://relay.example'],
    behindProxy: false,
  };
  const cases: readonly (readonly [string, string | undefined, string | undefined, boolean, string | undefined])[] = [
    ['[TR12] no Host', undefined, undefined, false, 'foreign_host'],
    ['[TR12] a name with a dot behind it', 'zoes-pc.local.:80', undefined, false, undefined],
    ['[TR12] an IPv6 address', '[::1]:47800', undefined, false, undefined],
    ['[TR11] the default port goes without saying', 'zoes-pc.local:80', 'http://zoes-pc.local', false, undefined],
    ['[TR11] and so it does over https', 'zoes-pc.local:443', 'https://zoes-pc.local', true, undefined],
    ['[TR11] an http page on an https server', 'zoes-pc.local', 'http://zoes-pc.local', true, 'foreign_origin'],
    ['[TR11] an https page on an http server', 'zoes-pc.local', 'https://zoes-pc.local', false, 'foreign_origin'],
  ];
  for (const [name, host, origin, secure, fault] of cases) {
    it(`${name}: ${fault ?? 'may pass'}`, () => {
      expect(faultOfRequest(requestWith(host, origin), secure, rules)).toBe(fault);
    });
  }

  it('[TR11] behind a proxy, which may speak TLS, either scheme is our own', () => {
    const behind = { ...rules, behindProxy: true };
    for (const origin of ['https://zoes-pc.local', 'http://zoes-pc.local']) {
      expect(faultOfRequest(requestWith('zoes-pc.local', origin), false, behind)).toBeUndefined();
    }
  });

  it('[TR12] this machine answers to localhost and its addresses', () => {
    expect([...machineHosts()]).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '::1']));
  });
});
