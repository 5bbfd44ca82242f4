import fc from 'fast-check';
import { isIP, isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';

import { judgeCandidate } from '../../src/index.js';
import { anyCandidate } from '../stage/sdp-arbitraries.js';

const withAddress = (address: string): string => `candidate:1 1 udp 2122260223 ${address} 46154 typ host`;
const kindOf = (candidate: string): string => judgeCandidate(candidate).kind;

describe('a candidate', () => {
  it.each([
    [
      'candidate:1 1 udp 5 192.0.2.7 46154 typ host generation 0 ufrag abcd',
      'candidate:1 1 UDP 5 192.0.2.7 46154 typ host',
    ],
    ['a=candidate:1 1 UDP 5 192.0.2.7 46154 typ HOST', 'candidate:1 1 UDP 5 192.0.2.7 46154 typ host'],
    ['candidate:1 1 udp 0000000005 192.0.2.7 00080 typ host', 'candidate:1 1 UDP 5 192.0.2.7 80 typ host'],
    [
      'candidate:1 1 udp 5 2001:db8::7 46154 typ srflx raddr fd00::1 rport 9',
      'candidate:1 1 UDP 5 2001:db8::7 46154 typ srflx raddr 0.0.0.0 rport 0',
    ],
  ])('[SG7] %s is used as it is written anew', (text, candidate) => {
    expect(judgeCandidate(text)).toEqual({ kind: 'use', candidate });
  });

  it.each([
    '192.0.2.7',
    '10.0.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '127.0.0.1',
    '2001:db8::1',
    'fd00:1:2:3:4:5:6:7',
    'fe80::1',
    '::1',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '64:ff9b::192.0.2.7',
  ])('may stand at %s', (address) => {
    expect(kindOf(withAddress(address))).toBe('use');
  });

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.251',
    '239.255.255.250',
    '255.255.255.255',
    '::',
    '0:0:0:0:0:0:0:0',
    'ff02::fb',
    'FF0E::1',
    '::ffff:192.0.2.7',
    '::ffff:c000:207',
    '0:0:0:0:0:ffff:c000:207',
    '::192.0.2.7',
    '::c000:207',
    '2c4c3e39-4d0e-4b8a-93d4-0a9a3c2f7f10.local',
  ])('is left out at %s', (address) => {
    expect(kindOf(withAddress(address))).toBe('leave_out');
  });

  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '1.2.3.-4',
    '0x7f.0.0.1',
    '2130706433',
    ':::',
    '1::2::3',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::1',
    'fe80::1%eth0',
    '[::1]',
    '::ffff:1.2.3.256',
    '1.2.3.4::',
    'example.com',
    'evil.local.example.com',
    'a b.local',
    '.local',
  ])('is malformed at %s', (address) => {
    expect(kindOf(withAddress(address))).toBe('malformed');
  });

  it.each([
    ['candidate:1 2 udp 5 192.0.2.7 46154 typ host', 'leave_out'],
    ['candidate:1 1 tcp 5 192.0.2.7 9 typ host tcptype active', 'leave_out'],
    ['candidate:1 1 udp 5 192.0.2.7 0 typ host', 'leave_out'],
    ['candidate:1 1 udp 5 192.0.2.7 65536 typ host', 'malformed'],
    ['candidate:1 1 udp 4294967296 192.0.2.7 1 typ host', 'malformed'],
    ['candidate:1 1 udp 99999999999 192.0.2.7 1 typ host', 'malformed'],
    ['candidate:1 1 udp 5 192.0.2.7 1 typ other', 'malformed'],
    ['candidate:1 1 udp 5 192.0.2.7 1 typ host\r\na=ice-ufrag:evil', 'malformed'],
    ['candidate:1 1 udp 5 192.0.2.7 1 typ host\n', 'malformed'],
    ['candidate:1 1 udp 5 192.0.2.7 1 typ host \0', 'malformed'],
    [`candidate:${'1'.repeat(33)} 1 udp 5 192.0.2.7 1 typ host`, 'malformed'],
    [`candidate:1 1 udp 5 192.0.2.7 1 typ host${' x'.repeat(41)}`, 'malformed'],
    ['', 'malformed'],
  ])('%j is judged %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  it('whatever it is, is judged without a throw; what is used holds to the grammar, and stays as it is', () => {
    let used = 0;
    fc.assert(
      fc.property(anyCandidate, (text) => {
        const verdict = judgeCandidate(text);
        if (verdict.kind !== 'use') return;
        used += 1;
        const form =
          /^candidate:[A-Za-z0-9+/]{1,32} 1 UDP (\d{1,10}) ([0-9a-fA-F:.]{2,45}) (\d{1,5}) typ (?:host|(?:srflx|prflx|relay) raddr 0\.0\.0\.0 rport 0)$/;
        const [, priority, address = '', port] = form.exec(verdict.candidate) ?? [];
        expect(isIP(address)).not.toBe(0);
        expect(Number(priority)).toBeLessThan(2 ** 32);
        expect(Number(port)).toBeGreaterThan(0);
        expect(Number(port)).toBeLessThan(65_536);
        expect(judgeCandidate(verdict.candidate)).toEqual(verdict);
      }),
      { numRuns: 2000 },
    );
    expect(used).toBeGreaterThan(100);
  });

  it('reads the IPv6 addresses that Node reads, and no others', () => {
    const groups = fc.array(fc.constantFrom('0', '1', 'ffff', 'abcd', '12345', 'g', '', '1.2.3.4'), { maxLength: 10 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV6(),
          groups.map((list) => list.join(':')),
        ),
        (address) => {
          fc.pre(address.includes(':'));
          expect(kindOf(withAddress(address)) === 'malformed').toBe(!isIPv6(address));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
