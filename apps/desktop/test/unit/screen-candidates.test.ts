import { describe, expect, it } from 'vitest';

import { tellCandidate } from '../../src/host/screen-candidates.js';

const name = '6c0fb1cf-0000-4444-8888-3d2f5a6b7c8d.local';
const of = (address: string): string => `candidate:842163049 1 udp 2113937151 ${address} 52814 typ host generation 0`;

describe('a candidate of the window', () => {
  it('is told with this machine’s addresses in the place of a hidden name', () => {
    expect(tellCandidate(of(name), ['192.168.1.7', '10.8.0.2'])).toEqual([of('192.168.1.7'), of('10.8.0.2')]);
  });

  it.each([
    of('192.168.1.7'),
    'candidate:1 1 udp 1677729535 198.51.100.7 40000 typ srflx raddr 0.0.0.0 rport 0',
    `candidate:1 1 tcp 1518280447 ${name} 9 typ host tcptype active generation 0`,
    '',
  ])('is told as it is: %s', (candidate) => {
    expect(tellCandidate(candidate, ['192.168.1.7'])).toEqual([candidate]);
  });

  it('keeps its name when this machine has no address', () => {
    expect(tellCandidate(of(name), [])).toEqual([of(name)]);
  });
});
