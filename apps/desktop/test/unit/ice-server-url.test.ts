import { usableIceServers } from '@proxim/peer';
import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';

import { iceServerUrl } from '../../src/cli/ice-server-url.js';

describe('the URL of a STUN or TURN server', () => {
  it.each([
    'stun:stun.example',
    'stun:203.0.113.1:3478',
    'turn:turn.example',
    'turn:[2001:db8::1]:3478?transport=udp',
    'TURN:turn.example:443?transport=tcp',
    'turns:turn.example:5349?transport=tcp',
  ])('is taken, by the peers too: %s', (url) => {
    expect(iceServerUrl(url)).toBe(url);
    expect(usableIceServers([{ urls: url, username: '1:a', credential: 'b' }])).toHaveLength(1);
  });

  it.each([
    ['', 'not a URL'],
    ['turn.example:3478', 'not a URL'],
    ['https://turn.example', 'not a URL'],
    ['turn:user@turn.example', 'host'],
    ['turn:user:password@turn.example', 'port'],
    ['turn://turn.example', 'host'],
    ['turn:', 'no host'],
    ['turn::3478', 'no host'],
    ['turn:-a.example', 'host'],
    ['turn:a b', 'host'],
    ['turn:[2001:db8::zz]', 'host'],
    ['turn:2001:db8::1', 'port'],
    [`turn:${'a'.repeat(64)}.example`, 'host'],
    ['turn:turn.example:', 'port'],
    ['turn:turn.example:0', 'port'],
    ['turn:turn.example:65536', 'port'],
    ['turn:turn.example:3478/', 'port'],
    ['turn:turn.example?transport=sctp', 'transport=udp'],
    ['turn:turn.example?', 'transport=udp'],
    ['turn:turn.example?transport=udp&x=1', 'transport=udp'],
    ['turns:turn.example?transport=udp', 'TCP'],
    ['stun:turn.example?transport=udp', 'no transport'],
    ['stuns:turn.example', 'stuns:'],
    ['turn:turn.example\n', 'host'],
  ])('is refused with what is wrong with it: %j', (url, why) => {
    expect(() => iceServerUrl(url)).toThrow(InvalidArgumentError);
    expect(() => iceServerUrl(url)).toThrow(why);
  });
});
