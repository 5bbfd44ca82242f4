import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readFromEngine } from '../../src/node/engine-messages.js';

const news = (fields: object): unknown => readFromEngine({ type: 'news', connection: 3, news: fields });

describe('what the engine’s process says', () => {
  it('is read', () => {
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null };
    const path = { localType: 'host', remoteType: 'srflx', roundTripMs: 1.5 };
    for (const fields of [
      { type: 'reply', request: 0, value: 'v=0' },
      { type: 'reply', request: 1, value: path },
      { type: 'reply', request: 2, value: undefined },
      { type: 'fault', request: 3, code: 'bad_description', message: 'no' },
      { type: 'candidate', candidate },
      { type: 'state', state: 'connected' },
      { type: 'channel', channel: 0, label: 'control' },
      { type: 'message', channel: 0, data: 'text' },
      { type: 'message', channel: 0, data: Uint8Array.of(1, 2) },
      { type: 'taken', channel: 0, bytes: 10, buffered: 0 },
      { type: 'channelClosed', channel: 0 },
    ]) {
      expect(news(fields)).toEqual({ type: 'news', connection: 3, news: fields });
    }
  });

  it.each<readonly [string, object]>([
    ['a state that there is not', { type: 'state', state: 'happy' }],
    ['a text that is too long', { type: 'channel', channel: 0, label: 'x'.repeat(65_537) }],
    ['a message that is too large', { type: 'message', channel: 0, data: new Uint8Array(1_048_577) }],
    ['a message of another kind', { type: 'message', channel: 0, data: { length: 1 } }],
    ['less than nothing', { type: 'taken', channel: 0, bytes: -1, buffered: 0 }],
    ['no number', { type: 'taken', channel: 0, bytes: 1, buffered: Number.NaN }],
    ['a channel without a number', { type: 'channelClosed', channel: '0' }],
    ['a candidate in parts', { type: 'candidate', candidate: { candidate: 'candidate:1' } }],
  ])('is not believed when it is %s', (_, fields) => {
    expect(news(fields)).toBeUndefined();
  });

  it('is bytes of their own, not a view of all that came with them', () => {
    const all = new Uint8Array(1000);
    const read = readFromEngine({
      type: 'news',
      connection: 0,
      news: { type: 'message', channel: 0, data: all.subarray(10, 20) },
    });
    expect(read).toMatchObject({ news: { data: new Uint8Array(10) } });
    if (read?.type !== 'news' || read.news.type !== 'message' || typeof read.news.data === 'string') {
      throw new Error('it is no message');
    }
    expect(read.news.data.buffer.byteLength).toBe(10);
  });

  it('is read without a throw, whatever it is', () => {
    const anyNews = fc.record({
      type: fc.constantFrom('reply', 'fault', 'candidate', 'state', 'channel', 'message', 'taken', 'channelClosed'),
      channel: fc.anything(),
      request: fc.anything(),
      value: fc.anything(),
      candidate: fc.anything(),
      data: fc.anything(),
    });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), anyNews), (fields) => {
        readFromEngine(fields);
        readFromEngine({ type: 'news', connection: 0, news: fields });
      }),
    );
  });
});
