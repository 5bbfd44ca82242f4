import { describe, expect, it } from 'vitest';

import { ChannelInbox } from '../../src/common/channel-inbox.js';
import { DirectLink } from '../../src/common/direct-link.js';
import { readIceServers } from '../../src/common/ice-servers.js';
import type { DirectChannel } from '../../src/common/rtc-engine.js';
import { decodeSessionMessage, encodeSessionMessage } from '../../src/common/session-channel.js';
import { ManualClock } from '@proxim/protocol/testing';

describe('what a channel received before somebody listened', () => {
  it('comes first, and in order', () => {
    const inbox = new ChannelInbox(() => false);
    const heard: unknown[] = [];
    inbox.receive('a');
    inbox.receive(new Uint8Array([1]));
    inbox.listen((data) => heard.push(data));
    inbox.receive('b');
    expect(heard).toEqual(['a', new Uint8Array([1]), 'b']);
  });

  it('is bounded, in number and in bytes', () => {
    const many = new ChannelInbox(() => false);
    for (let index = 0; index < 5000; index += 1) many.receive('x');
    let count = 0;
    many.listen(() => (count += 1));
    expect(count).toBe(1024);

    const large = new ChannelInbox(() => false);
    for (let index = 0; index < 50; index += 1) large.receive('x'.repeat(100_000));
    let length = 0;
    large.listen((data) => (length += data.length));
    expect(length).toBe(1_000_000);
  });

  it('is nothing any more once the connection is closed', () => {
    let isClosed = false;
    const inbox = new ChannelInbox(() => isClosed);
    const heard: unknown[] = [];
    inbox.receive('early');
    isClosed = true;
    inbox.listen((data) => heard.push(data));
    inbox.receive('late');
    expect(heard).toEqual([]);
  });
});

describe('a direct connection', () => {
  it('takes a bounded number of channels', () => {
    const opened: string[] = [];
    const link = new DirectLink({
      clock: new ManualClock(),
      requiredChannels: 0,
      handlers: {
        onOpen: () => undefined,
        onAlive: () => undefined,
        onGone: () => undefined,
        onSessionChannel: () => undefined,
        onSessionMessage: () => undefined,
        onChannel: ({ label }) => opened.push(label),
        onCandidate: () => undefined,
      },
    });
    const channel = (label: string): DirectChannel => ({
      label,
      bufferedBytes: 0,
      send: () => true,
      onMessage: () => undefined,
      onClose: () => undefined,
    });
    for (let index = 0; index < 1000; index += 1) link.engineHandlers.onChannel(channel(`c${index}`));
    expect(opened).toHaveLength(32);
  });
});

describe('the peers’ own channel', () => {
  it('[AU8] says what it says in words that read the same', () => {
    const secret = new Uint8Array(32).fill(3);
    for (const message of [
      { type: 'alive' },
      { type: 'device_secret', secret },
      { type: 'device_secret_kept' },
      { type: 'bye', reason: 'expired' },
      { type: 'bye', reason: 'left' },
    ] as const) {
      expect(decodeSessionMessage(encodeSessionMessage(message))).toEqual(message);
    }
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"type":7}',
    '{"type":"device_secret"}',
    '{"type":"device_secret","d":"short"}',
    `{"type":"device_secret","d":"${'A'.repeat(44)}"}`,
    `{"type":"alive","pad":"${'x'.repeat(1024)}"}`,
    new Uint8Array([1]),
  ])('takes %j for nothing', (data) => {
    expect(decodeSessionMessage(data)).toBeUndefined();
  });
});

describe('the STUN and TURN servers that a relay names', () => {
  it('are read into their parts', () => {
    const turn = { username: 'u', credential: 'c' };
    expect(
      readIceServers([
        { urls: 'stun:stun.example.org' },
        { urls: ['turn:192.0.2.1:3479?transport=tcp', 'turns:[2001:db8::1]'], ...turn },
      ]),
    ).toEqual([
      { scheme: 'stun', hostname: 'stun.example.org', port: 3478 },
      { scheme: 'turn', hostname: '192.0.2.1', port: 3479, transport: 'tcp', ...turn },
      { scheme: 'turns', hostname: '[2001:db8::1]', port: 5349, transport: 'tcp', ...turn },
    ]);
  });

  it.each([
    'http://example.org',
    'stun:',
    'stun:a b',
    'stun:example.org:0',
    'stun:example.org:65536',
    'stun:example.org?transport=udp',
    'stun:user@example.org',
    'turn:example.org',
    `stun:${'a'.repeat(300)}`,
    'stun:-example.org',
    'stun:example.org\n',
  ])('are left out where an engine would throw: %j', (urls) => {
    expect(readIceServers([{ urls }])).toEqual([]);
  });

  it('are bounded in number', () => {
    const urls = Array.from({ length: 100 }, (_, index) => `stun:s${index}.example.org`);
    expect(readIceServers(Array.from({ length: 100 }, () => ({ urls })))).toHaveLength(8);
  });
});
