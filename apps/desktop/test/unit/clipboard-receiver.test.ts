import {
  type ClipboardDesktopMessage,
  type ClipboardPhoneMessage,
  parseClipboardDesktopMessage,
  splitClipboardText,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { describe, expect, it } from 'vitest';

import type { ClipboardBackend, ClipboardContent } from '../../src/backends/clipboard/clipboard-backend.js';
import { ClipboardAccess } from '../../src/host/clipboard-access.js';
import { ClipboardRate } from '../../src/host/clipboard-rate.js';
import { ClipboardReceiver } from '../../src/host/clipboard-receiver.js';

/** A clipboard that answers when the test says so. */
const slowClipboard = () => {
  const reads: ((content: ClipboardContent) => void)[] = [];
  const failures: ((error: Error) => void)[] = [];
  const written: string[] = [];
  const backend: ClipboardBackend = {
    read: () =>
      new Promise((resolve, reject) => {
        reads.push(resolve);
        failures.push(reject);
      }),
    write: (text) => {
      written.push(text);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return { backend, reads, failures, written };
};

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const begin = (options: { readonly open?: () => Promise<ClipboardBackend> } = {}) => {
  const clipboard = slowClipboard();
  const state = { isAllowed: true, now: 0, opened: 0 };
  const said: ClipboardDesktopMessage[] = [];
  const uses: string[] = [];
  let hear: ((data: string | Uint8Array) => void) | undefined;
  let closed: (() => void) | undefined;
  const channel: DirectChannel = {
    label: 'clipboard',
    bufferedBytes: 0,
    send: (data) => {
      const read = parseClipboardDesktopMessage(String(data));
      if (!read.ok) throw new Error(`${read.fault}: ${String(data)}`);
      said.push(read.message);
      return true;
    },
    onMessage: (listener) => (hear = listener),
    onClose: (listener) => (closed = listener),
  };
  const receiver = new ClipboardReceiver({
    open:
      options.open ??
      (() => {
        state.opened += 1;
        return Promise.resolve(clipboard.backend);
      }),
    isAllowed: () => state.isAllowed,
    rate: new ClipboardRate({ now: () => state.now }),
    onUse: (kind) => uses.push(kind),
  });
  expect(receiver.accept(channel)).toBe(true);
  const say = async (message: ClipboardPhoneMessage): Promise<void> => {
    hear?.(JSON.stringify(message));
    await settle();
  };
  const allow = (isAllowed: boolean): void => {
    state.isAllowed = isAllowed;
    receiver.rightsChanged();
  };
  return {
    ...clipboard,
    state,
    said,
    uses,
    receiver,
    channel,
    say,
    allow,
    close: () => closed?.(),
    hear: (data: string) => hear?.(data),
  };
};

const get = (id: number): ClipboardPhoneMessage => ({ type: 'clipboard_get', id });
const partsOf = (id: number, text: string): readonly ClipboardPhoneMessage[] => {
  const split = splitClipboardText(text);
  if (!split.ok) throw new Error(split.fault);
  return split.parts.map((part, index) => ({ type: 'clipboard_set', id, index, of: split.parts.length, text: part }));
};

describe('a phone that may read the clipboard', () => {
  it('is sent the text when it asks, and never before', async () => {
    const { say, reads, said, uses, state, receiver } = begin();
    receiver.announceState();
    await settle();
    expect(said).toEqual([]);
    expect(state.opened).toBe(0);
    await say(get(5));
    reads[0]?.({ kind: 'text', text: 'héllo' });
    await settle();
    expect(said).toEqual([{ type: 'clipboard_text', id: 5, index: 0, of: 1, text: 'héllo' }]);
    expect(uses).toEqual(['clipboard_read']);
  });

  it('is sent a long text four parts at a time', async () => {
    const { say, reads, said } = begin();
    await say(get(1));
    reads[0]?.({ kind: 'text', text: 'x'.repeat(160_000) });
    await settle();
    expect(said).toHaveLength(4);
    await say({ type: 'clipboard_arrived', id: 1, parts: 1 });
    expect(said).toHaveLength(5);
    await say({ type: 'clipboard_arrived', id: 1, parts: 9 });
    expect(said).toHaveLength(5);
    await say({ type: 'clipboard_arrived', id: 2, parts: 2 });
    expect(said).toHaveLength(5);
    for (let parts = 2; parts <= 10; parts += 1) await say({ type: 'clipboard_arrived', id: 1, parts });
    expect(said).toHaveLength(10);
  });

  it.each(['empty', 'not_text', 'secret', 'too_large'] as const)(
    'is told when there is none to send: %s',
    async (kind) => {
      const { say, reads, said, uses } = begin();
      await say(get(1));
      reads[0]?.({ kind });
      await settle();
      expect(said).toEqual([{ type: 'clipboard_refused', id: 1, reason: kind }]);
      expect(uses).toEqual([]);
    },
  );

  it('is told when the text is longer than travels', async () => {
    const { say, reads, said, uses } = begin();
    await say(get(1));
    reads[0]?.({ kind: 'text', text: 'x'.repeat(1_048_577) });
    await settle();
    expect(said).toEqual([{ type: 'clipboard_refused', id: 1, reason: 'too_large' }]);
    expect(uses).toEqual([]);
  });

  it('is told when the clipboard cannot be reached, and can ask again', async () => {
    const { say, failures, reads, said } = begin();
    await say(get(1));
    failures[0]?.(new Error('gone'));
    await settle();
    expect(said).toEqual([{ type: 'clipboard_refused', id: 1, reason: 'unavailable' }]);
    await say(get(2));
    reads[1]?.({ kind: 'text', text: 'back' });
    await settle();
    expect(said[1]).toMatchObject({ type: 'clipboard_text', id: 2 });
    const unreachable = begin({ open: () => Promise.reject(new Error('no screen')) });
    await unreachable.say(get(1));
    expect(unreachable.said).toEqual([{ type: 'clipboard_refused', id: 1, reason: 'unavailable' }]);
  });

  it('waits for one answer before it asks again', async () => {
    const { say, reads, said } = begin();
    await say(get(1));
    await say(get(2));
    expect(said).toEqual([{ type: 'clipboard_refused', id: 2, reason: 'busy' }]);
    expect(reads).toHaveLength(1);
  });

  it('may ask six times at once, and once a second from then on', async () => {
    const { say, reads, said, state } = begin();
    const askAndAnswer = async (id: number): Promise<void> => {
      await say(get(id));
      reads.at(-1)?.({ kind: 'empty' });
      await settle();
    };
    for (let id = 1; id <= 7; id += 1) await askAndAnswer(id);
    expect(said.map((message) => ('reason' in message ? message.reason : ''))).toEqual([
      ...Array.from({ length: 6 }, () => 'empty'),
      'busy',
    ]);
    state.now += 1000;
    await askAndAnswer(8);
    await askAndAnswer(9);
    expect(said.slice(7)).toEqual([
      { type: 'clipboard_refused', id: 8, reason: 'empty' },
      { type: 'clipboard_refused', id: 9, reason: 'busy' },
    ]);
  });
});

describe('a phone that may write to the clipboard', () => {
  it('writes a text when all of it is there', async () => {
    const { say, written, said, uses } = begin();
    const text = 'ö'.repeat(30_000);
    for (const part of partsOf(3, text)) {
      expect(written).toEqual([]);
      await say(part);
    }
    expect(written).toEqual([text]);
    expect(said.map(({ type }) => type)).toEqual([
      ...Array.from({ length: partsOf(3, text).length - 1 }, () => 'clipboard_arrived'),
      'clipboard_written',
    ]);
    expect(uses).toEqual(['clipboard_written']);
  });

  it('that begins anew, or leaves out a part, has written nothing', async () => {
    const { say, written } = begin();
    const [first, second, third] = partsOf(1, 'x'.repeat(40_000));
    await say(first!);
    await say(third!);
    await say(second!);
    expect(written).toEqual([]);
    await say(first!);
    await say(partsOf(2, 'another')[0]!);
    expect(written).toEqual(['another']);
  });

  it('is refused what is longer than a mebibyte before all of it has come', async () => {
    const { say, said, written } = begin();
    for (let index = 0; index < 80; index += 1) {
      await say({ type: 'clipboard_set', id: 1, index, of: 512, text: 'x'.repeat(16_384) });
    }
    expect(said.filter(({ type }) => type === 'clipboard_refused')).toEqual([
      { type: 'clipboard_refused', id: 1, reason: 'too_large' },
    ]);
    expect(said.filter(({ type }) => type === 'clipboard_arrived')).toHaveLength(64);
    expect(written).toEqual([]);
  });
});

describe('the right to the clipboard', () => {
  it('is asked for before anything is touched', async () => {
    const { say, allow, said, state, written } = begin();
    allow(false);
    await say(get(1));
    for (const part of partsOf(2, 'x')) await say(part);
    expect(said).toEqual([
      { type: 'clipboard_refused', id: 1, reason: 'not_allowed' },
      { type: 'clipboard_refused', id: 2, reason: 'not_allowed' },
    ]);
    expect(state.opened).toBe(0);
    expect(written).toEqual([]);
  });

  it('that is taken away while the computer reads leaves the text there', async () => {
    const { say, allow, reads, said, uses } = begin();
    await say(get(1));
    allow(false);
    expect(said).toEqual([{ type: 'clipboard_refused', id: 1, reason: 'not_allowed' }]);
    // Given back before the answer comes: that was another request's.
    allow(true);
    reads[0]?.({ kind: 'text', text: 'private' });
    await settle();
    expect(said).toHaveLength(1);
    expect(uses).toEqual([]);
  });

  it('counts when the answer comes, whether or not anybody has told of the change', async () => {
    const { say, state, reads, said } = begin();
    await say(get(1));
    state.isAllowed = false;
    reads[0]?.({ kind: 'text', text: 'private' });
    await settle();
    expect(said).toEqual([{ type: 'clipboard_refused', id: 1, reason: 'not_allowed' }]);
  });

  it('that is taken away in the middle of a text ends it, in either direction', async () => {
    const reading = begin();
    await reading.say(get(1));
    reading.reads[0]?.({ kind: 'text', text: 'x'.repeat(160_000) });
    await settle();
    reading.allow(false);
    await reading.say({ type: 'clipboard_arrived', id: 1, parts: 4 });
    expect(reading.said.slice(4)).toEqual([{ type: 'clipboard_refused', id: 1, reason: 'not_allowed' }]);

    const writing = begin();
    const [first, ...others] = partsOf(1, 'x'.repeat(40_000));
    await writing.say(first!);
    writing.allow(false);
    writing.allow(true);
    for (const part of others) await writing.say(part);
    expect(writing.written).toEqual([]);
  });

  it('that is taken away while the clipboard is connected to keeps it unwritten', async () => {
    const clipboard = slowClipboard();
    let connected: ((backend: ClipboardBackend) => void) | undefined;
    const { say, allow, said } = begin({ open: () => new Promise((resolve) => (connected = resolve)) });
    for (const part of partsOf(1, 'x')) await say(part);
    allow(false);
    connected?.(clipboard.backend);
    await settle();
    expect(clipboard.written).toEqual([]);
    expect(said).toEqual([{ type: 'clipboard_refused', id: 1, reason: 'not_allowed' }]);
  });
});

describe('a channel of the clipboard', () => {
  it('that is over carries nothing more', async () => {
    const { say, close, reads, said, uses } = begin();
    await say(get(1));
    close();
    reads[0]?.({ kind: 'text', text: 'private' });
    await say(get(2));
    expect(said).toEqual([]);
    expect(uses).toEqual([]);
  });

  it('whose phone has fallen silent breaks off, and goes on with the next request', async () => {
    const { say, receiver, reads, said } = begin();
    await say(get(1));
    receiver.release();
    expect(said).toEqual([{ type: 'clipboard_refused', id: 1, reason: 'unavailable' }]);
    reads[0]?.({ kind: 'text', text: 'too late' });
    await say(get(2));
    reads[1]?.({ kind: 'text', text: 'now' });
    await settle();
    expect(said.slice(1)).toEqual([{ type: 'clipboard_text', id: 2, index: 0, of: 1, text: 'now' }]);
  });

  it('is one, and what cannot be read is dropped', async () => {
    const { receiver, channel, hear, said } = begin();
    expect(receiver.accept(channel)).toBe(false);
    for (const text of ['', '{}', '{"type":"clipboard_get"}', '{"type":"clipboard_written","id":1}']) hear(text);
    await settle();
    expect(said).toEqual([]);
  });
});

describe('the way to the clipboard', () => {
  it('is opened once, at its first use, and anew when it was lost or did not open', async () => {
    const { backend } = slowClipboard();
    const losses: (() => void)[] = [];
    let opened = 0;
    const access = new ClipboardAccess((onLost) => {
      opened += 1;
      losses.push(onLost);
      return opened === 1 ? Promise.reject(new Error('no screen')) : Promise.resolve(backend);
    });
    expect(opened).toBe(0);
    await expect(access.open()).rejects.toThrow('no screen');
    await Promise.all([access.open(), access.open()]);
    expect(opened).toBe(2);
    losses[1]?.();
    await access.open();
    expect(opened).toBe(3);
    // A loss that is told late is not the new one's.
    losses[1]?.();
    await access.open();
    expect(opened).toBe(3);
  });

  it('ends with the app, and is none where there is no clipboard', async () => {
    let closed = 0;
    const access = new ClipboardAccess(() =>
      Promise.resolve({
        ...slowClipboard().backend,
        close: () => {
          closed += 1;
          return Promise.resolve();
        },
      }),
    );
    await access.open();
    await access.close();
    expect(closed).toBe(1);
    await expect(access.open()).rejects.toThrow();
    const none = new ClipboardAccess(null);
    expect(none.exists).toBe(false);
    await expect(none.open()).rejects.toThrow();
    await none.close();
  });
});
