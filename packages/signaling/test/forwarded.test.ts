import { withDefaultLimits } from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';
import { describe, expect, it } from 'vitest';

import { clientAddress } from '../src/access.js';
import { addressKey, AddressTable } from '../src/address.js';
import { script, setStage, type Stage } from './stage.js';

/** What one guess comes to for who reaches the server like this. */
const guess = async (stage: Stage, forwardedFor: string | undefined, localAddress = '127.0.0.1'): Promise<unknown> => {
  const headers = forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor };
  const client = await stage.connect('guesser', { headers, localAddress });
  client.send(script().request);
  const { code } = await client.next('error');
  await client.leave();
  return code;
};

const limits = { pairBurst: 1 };

describe('behind a proxy', () => {
  it('[LI2] [LI4] an address is the one that the proxy reports: IPv4 each, IPv6 by its /64, IPv4 within IPv6 as IPv4', async () => {
    const stage = await setStage({ limits, trustProxies: ['127.0.0.1'] });
    for (const [address, code] of [
      ['203.0.113.9', 'session_not_found'],
      ['203.0.113.10', 'session_not_found'],
      ['203.0.113.9', 'rate_limited'],
      ['::ffff:203.0.113.9', 'rate_limited'],
      ['::ffff:cb00:7109', 'rate_limited'],
      ['203.0.113.9:51423', 'rate_limited'],
      ['2001:db8:1:2::1', 'session_not_found'],
      ['2001:db8:1:2:ffff:ffff:ffff:ffff', 'rate_limited'],
      ['[2001:db8:1:2::7]:51423', 'rate_limited'],
      ['2001:db8:1:3::1', 'session_not_found'],
    ] as const) {
      expect([address, await guess(stage, address)]).toEqual([address, code]);
    }
  });

  it('[LI2] what the client wrote itself into the header is passed over', async () => {
    const stage = await setStage({ limits, trustProxies: ['127.0.0.1', '127.0.0.9'] });
    expect(await guess(stage, '203.0.113.9')).toBe('session_not_found');
    expect(await guess(stage, '198.51.100.1, 203.0.113.9')).toBe('rate_limited');
    // Through two proxies, each of which is trusted.
    expect(await guess(stage, '198.51.100.2, 203.0.113.9, 127.0.0.9')).toBe('rate_limited');
    expect(await guess(stage, 'unknown, 203.0.113.9, 127.0.0.9')).toBe('rate_limited');
  });

  it('[LI2] nobody else is believed', async () => {
    const stage = await setStage({ limits, trustProxies: ['127.0.0.1'] });
    expect(await guess(stage, '203.0.113.1', '127.0.0.2')).toBe('session_not_found');
    expect(await guess(stage, '203.0.113.2', '127.0.0.2')).toBe('rate_limited');
    expect(await guess(stage, undefined, '127.0.0.3')).toBe('session_not_found');
    const alone = await setStage({ limits });
    expect(await guess(alone, '203.0.113.1')).toBe('session_not_found');
    expect(await guess(alone, '203.0.113.2')).toBe('rate_limited');
  });

  it('[LI6] [LI12] [LI13] connections and requests are counted by it, and not for the proxy', async () => {
    const stage = await setStage({
      limits: { maxConnectionsPerAddress: 1, requestBurst: 3 },
      trustProxies: ['127.0.0.1'],
    });
    const connect = (forwardedFor: string) =>
      stage.connect(forwardedFor, { headers: { 'X-Forwarded-For': forwardedFor } });
    for (let index = 1; index <= 10; index += 1) await (await connect(`203.0.113.${index}`)).quiet();
    expect(await (await connect('203.0.113.1')).end()).toMatchObject({ code: 1013 });
    await (await connect('203.0.113.1')).end();
    await expect(connect('203.0.113.1')).rejects.toThrow('429');
    await (await connect('203.0.113.11')).quiet();
  });

  it('[LI6] an address is the same in each of its spellings, and so is a proxy', () => {
    expect(clientAddress('::1', '203.0.113.9', new Set(['0:0:0:0:0:0:0:1']))).toBe('203.0.113.9');
    expect(clientAddress('::FFFF:7f00:1', '2001:DB8::1', new Set(['127.0.0.1']))).toBe('2001:db8:0:0:0:0:0:1');
    expect(addressKey('64:ff9b::192.0.2.1')).toBe('64:ff9b:0:0::/64');
  });
});

describe('the table of addresses', () => {
  it('[LI17] holds no more than there may be connections, and who holds a socket keeps his place', () => {
    const table = new AddressTable(withDefaultLimits({ maxConnections: 1000 }), new ManualClock());
    const held = Array.from({ length: 100 }, (_, index) => {
      const record = table.record(`held ${index}`);
      record.connections = 1;
      record.pairBucket.take(0);
      return record;
    });
    // A whole /32 of IPv6 asks once from each of its networks.
    for (let index = 0; index < 50_000; index += 1) {
      const record = table.record(addressKey(`2001:db8:${index.toString(16)}::1`));
      record.pairBucket.take(0);
      record.requestBucket.take(0);
    }
    expect(table.size).toBeLessThanOrEqual(1000);
    for (const [index, record] of held.entries()) expect(table.record(`held ${index}`)).toBe(record);
  });
});
