import { ManualClock } from '@proxim/protocol/testing';
import { describe, expect, it } from 'vitest';

import { DirectLink } from '../../src/common/direct-link.js';
import { encodeSessionMessage, type SessionChannelMessage } from '../../src/common/session-channel.js';

/** A link whose other side is the test. */
const setUp = () => {
  const clock = new ManualClock();
  const heard: string[] = [];
  const link = new DirectLink({
    clock,
    requiredChannels: 0,
    handlers: {
      onOpen: () => undefined,
      onAlive: (isAlive) => heard.push(isAlive ? 'alive' : 'silent'),
      onGone: (farewell) => heard.push(`gone: ${String(farewell)}`),
      onSessionChannel: () => undefined,
      onSessionMessage: ({ type }) => heard.push(type),
      onChannel: () => undefined,
      onCandidate: () => undefined,
    },
  });
  const candidates: string[] = [];
  link.attach({
    addCandidate: ({ candidate }) => candidates.push(candidate),
    path: () => Promise.resolve(undefined),
    close: () => undefined,
  });
  let say: (data: string) => void = () => undefined;
  link.engineHandlers.onChannel({
    label: 'proxim',
    bufferedBytes: 0,
    send: () => true,
    onMessage: (listener) => {
      say = listener;
    },
    onClose: () => undefined,
  });
  link.engineHandlers.onState('connected');
  const flood = (count: number, message: SessionChannelMessage): void => {
    for (let index = 0; index < count; index += 1) say(encodeSessionMessage(message));
  };
  return { clock, link, heard, candidates, flood };
};

describe('a peer that floods the session channel', () => {
  it.each<SessionChannelMessage>([
    { type: 'renew' },
    { type: 'asleep' },
    { type: 'device_secret_kept' },
    { type: 'session', sessionType: 'persistent' },
    { type: 'device_secret', secret: new Uint8Array(32) },
  ])('is heard 20 times at once, and twice a second from then on: $type', (message) => {
    const { clock, heard, flood } = setUp();
    flood(10_000, message);
    expect(heard).toEqual(Array.from({ length: 20 }, () => message.type));
    clock.advance(1000);
    flood(10_000, message);
    expect(heard).toHaveLength(22);
  });

  it('is still heard to be there, and to go', () => {
    const { clock, heard, flood } = setUp();
    flood(10_000, { type: 'renew' });
    heard.length = 0;
    for (let second = 0; second < 20; second += 1) {
      flood(1000, { type: 'alive' });
      clock.advance(1000);
    }
    expect(heard).toEqual([]);
    flood(1, { type: 'bye', reason: 'left' });
    expect(heard).toEqual(['gone: left']);
  });

  it('makes the engine call 60 addresses at most', () => {
    const { link, candidates } = setUp();
    const add = (count: number): void => {
      for (let index = 0; index < count; index += 1) {
        link.addRemoteCandidate({
          candidate: `candidate:${String(index)}`,
          sdpMid: null,
          sdpMLineIndex: null,
          usernameFragment: null,
        });
      }
    };
    add(40);
    link.described();
    add(1000);
    expect(candidates).toHaveLength(60);
  });
});
