import {
  type ClipboardDesktopMessage,
  type ClipboardPhoneMessage,
  parseClipboardPhoneMessage,
  splitClipboardText,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { ManualClock } from '@proxim/protocol/testing';
import { describe, expect, it } from 'vitest';

import { ClipboardClient } from '../../src/tools/clipboard-client.js';

const makeChannel = () => {
  const sent: ClipboardPhoneMessage[] = [];
  const state = { isOpen: true };
  let listener: ((data: string | Uint8Array) => void) | undefined;
  const channel: DirectChannel = {
    label: 'clipboard',
    bufferedBytes: 0,
    send: (data) => {
      const read = parseClipboardPhoneMessage(String(data));
      if (!read.ok) throw new Error(`${read.fault}: ${String(data)}`);
      if (state.isOpen) sent.push(read.message);
      return state.isOpen;
    },
    onMessage: (next) => (listener = next),
    onClose: () => undefined,
  };
  return { channel, sent, state, receive: (message: ClipboardDesktopMessage) => listener?.(JSON.stringify(message)) };
};

const begin = () => {
  const clock = new ManualClock();
  const client = new ClipboardClient(clock);
  const channel = makeChannel();
  client.use(channel.channel);
  return { client, clock, ...channel };
};

const partsOf = (text: string): readonly string[] => {
  const split = splitClipboardText(text);
  if (!split.ok) throw new Error(split.fault);
  return split.parts;
};

describe('a text for the computer', () => {
  it('is there when the computer says so, and not before', () => {
    const { client, sent, receive } = begin();
    let written = 0;
    client.putText('héllo', () => (written += 1));
    expect(sent).toEqual([{ type: 'clipboard_set', id: 1, index: 0, of: 1, text: 'héllo' }]);
    expect(client.put.value).toEqual({ at: 'under_way', progress: null });
    expect(written).toBe(0);
    receive({ type: 'clipboard_written', id: 2 });
    expect(written).toBe(0);
    receive({ type: 'clipboard_written', id: 1 });
    expect(written).toBe(1);
    expect(client.put.value).toEqual({ at: 'done' });
  });

  it('goes four parts ahead of what has arrived, and says how far it is', () => {
    const { client, sent, receive } = begin();
    client.putText('x'.repeat(96_000), () => undefined);
    expect(sent).toHaveLength(4);
    receive({ type: 'clipboard_arrived', id: 1, parts: 3 });
    expect(sent).toHaveLength(6);
    expect(client.put.value).toEqual({ at: 'under_way', progress: 0.5 });
  });

  it('that is too long, or none, is not sent', () => {
    const { client, sent } = begin();
    client.putText('x'.repeat(1_048_577), () => undefined);
    expect(client.put.value).toEqual({ at: 'failed', reason: 'too_large' });
    client.putText('\0', () => undefined);
    expect(client.put.value).toEqual({ at: 'failed', reason: 'empty' });
    expect(sent).toEqual([]);
  });

  it('that is refused stops on its way', () => {
    const { client, sent, receive } = begin();
    client.putText('x'.repeat(160_000), () => undefined);
    receive({ type: 'clipboard_refused', id: 1, reason: 'not_allowed' });
    receive({ type: 'clipboard_arrived', id: 1, parts: 4 });
    expect(sent).toHaveLength(4);
    expect(client.put.value).toEqual({ at: 'failed', reason: 'not_allowed' });
    client.forgetPut();
    expect(client.put.value).toEqual({ at: 'rest' });
  });

  it('is lost with its connection, and the next one begins anew', () => {
    const { client, state, sent } = begin();
    client.putText('x'.repeat(160_000), () => undefined);
    client.use(undefined);
    expect(client.put.value).toEqual({ at: 'failed', reason: 'lost' });
    const next = makeChannel();
    client.use(next.channel);
    client.putText('again', () => undefined);
    expect(next.sent).toEqual([{ type: 'clipboard_set', id: 2, index: 0, of: 1, text: 'again' }]);
    expect(sent).toHaveLength(4);
    state.isOpen = false;
  });

  it('over a channel that takes nothing fails at once', () => {
    const { client, state, clock } = begin();
    state.isOpen = false;
    client.putText('x'.repeat(160_000), () => undefined);
    expect(client.put.value).toEqual({ at: 'failed', reason: 'lost' });
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a text from the computer', () => {
  it('is put together, and each part is acknowledged', () => {
    const { client, sent, receive } = begin();
    client.fetchText();
    const text = 'ä'.repeat(20_000);
    const parts = partsOf(text);
    for (const [index, part] of parts.entries()) {
      receive({ type: 'clipboard_text', id: 1, index, of: parts.length, text: part });
    }
    expect(client.got.value).toEqual({ at: 'done', text });
    expect(sent).toEqual([
      { type: 'clipboard_get', id: 1 },
      ...parts.map((_, index) => ({ type: 'clipboard_arrived', id: 1, parts: index + 1 })),
    ]);
  });

  it('that nobody asked for is not taken', () => {
    const { client, receive } = begin();
    receive({ type: 'clipboard_text', id: 0, index: 0, of: 1, text: 'pushed' });
    receive({ type: 'clipboard_text', id: 1, index: 0, of: 1, text: 'pushed' });
    expect(client.got.value).toEqual({ at: 'rest' });
    client.putText('x', () => undefined);
    receive({ type: 'clipboard_text', id: 1, index: 0, of: 1, text: 'pushed' });
    expect(client.got.value).toEqual({ at: 'rest' });
  });

  it('is waited for ten seconds from the last word', () => {
    const { client, clock, receive } = begin();
    client.fetchText();
    clock.advance(9999);
    receive({ type: 'clipboard_text', id: 1, index: 0, of: 2, text: 'a' });
    clock.advance(9999);
    expect(client.isBusy).toBe(true);
    clock.advance(1);
    expect(client.got.value).toEqual({ at: 'failed', reason: 'no_answer' });
    // What comes after all is of nothing any more.
    receive({ type: 'clipboard_text', id: 1, index: 1, of: 2, text: 'b' });
    expect(client.got.value).toEqual({ at: 'failed', reason: 'no_answer' });
  });

  it('comes after the one before it', () => {
    const { client, sent } = begin();
    client.fetchText();
    client.fetchText();
    client.putText('x', () => undefined);
    expect(sent).toHaveLength(1);
  });

  it('in parts that do not follow each other is none', () => {
    const { client, receive } = begin();
    client.fetchText();
    receive({ type: 'clipboard_text', id: 1, index: 1, of: 2, text: 'b' });
    expect(client.got.value).toEqual({ at: 'failed', reason: 'unavailable' });
  });

  it('is nobody’s once the sheet is gone', () => {
    const { client, receive, clock } = begin();
    client.fetchText();
    client.stop();
    receive({ type: 'clipboard_text', id: 1, index: 0, of: 1, text: 'late' });
    clock.advance(20_000);
    expect(client.got.value).toEqual({ at: 'failed', reason: 'lost' });
  });
});
