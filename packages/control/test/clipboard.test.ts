import {
  beginSending,
  type ClipboardArriving,
  type ClipboardPart,
  maxClipboardBytes,
  maxControlMessageLength,
  nextParts,
  parseClipboardDesktopMessage,
  parseClipboardPhoneMessage,
  partsArrived,
  splitClipboardText,
  takePart,
} from '@proxim/control';
import { clipboardDesktopSchemas, clipboardPhoneSchemas } from '@proxim/control/schemas';
import fc from 'fast-check';
import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';

import { clipboardDesktopChecks, clipboardPhoneChecks } from '../src/generated/validators.js';

const partsOf = (text: string): readonly string[] => {
  const split = splitClipboardText(text);
  if (!split.ok) throw new Error(split.fault);
  return split.parts;
};

const bytes = (text: string): number => new TextEncoder().encode(text).byteLength;

/** Sends a text over a channel that keeps the order, and says how many parts were ahead at most. */
const carry = (text: string): { readonly text: string; readonly ahead: number } => {
  let sending = beginSending(7, partsOf(text));
  let arriving: ClipboardArriving | undefined;
  const onTheWay: ClipboardPart[] = [];
  let arrived = 0;
  let ahead = 0;
  for (;;) {
    const next = nextParts(partsArrived(sending, arrived));
    sending = next.sending;
    onTheWay.push(...next.parts);
    ahead = Math.max(ahead, onTheWay.length);
    const part = onTheWay.shift();
    if (!part) throw new Error('nothing is on its way, and it is not complete');
    const step = takePart(arriving, part);
    if (step.kind === 'complete') return { text: step.text, ahead };
    if (step.kind !== 'arriving') throw new Error(step.kind);
    arriving = step.arriving;
    arrived = arriving.parts.length;
  }
};

describe('a text for a clipboard', () => {
  it('arrives as it was, whatever is in it, with four parts ahead at most', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 400 }),
        (piece, times) => {
          const text = piece.replaceAll('\0', '0').repeat(times);
          const { text: arrived, ahead } = carry(text);
          expect(arrived).toBe(text);
          expect(ahead).toBeLessThanOrEqual(4);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is at most a mebibyte of UTF-8', () => {
    for (const character of ['a', 'é', '你', '😀', '\u0001', '"', '\n']) {
      const most = Math.floor(maxClipboardBytes / bytes(character));
      const text = character.repeat(most);
      expect(carry(text).text === text, JSON.stringify(character)).toBe(true);
      expect(splitClipboardText(`${text}${character}`)).toEqual({ ok: false, fault: 'too_large' });
    }
  });

  it('travels in messages of at most 16 KiB, which the other side reads', () => {
    for (const character of ['a', 'é', '你', '😀', '\u0001', '"', '\n', '\u2028']) {
      const parts = partsOf(character.repeat(Math.floor(maxClipboardBytes / bytes(character))));
      expect(parts.length).toBeLessThanOrEqual(512);
      for (const part of [0, parts.length - 1].map((index) => ({
        id: 4_294_967_295,
        index,
        of: parts.length,
        text: parts[index]!,
      }))) {
        const json = JSON.stringify({ type: 'clipboard_set', ...part });
        expect(bytes(json)).toBeLessThanOrEqual(16_384);
        expect(parseClipboardPhoneMessage(json).ok).toBe(true);
        expect(parseClipboardDesktopMessage(JSON.stringify({ type: 'clipboard_text', ...part })).ok).toBe(true);
      }
    }
  });

  it('loses what no clipboard carries: NUL, and halves of characters', () => {
    expect(partsOf('a\0b\ud83dc\ude00')).toEqual(['ab\uFFFDc\uFFFD']);
    expect(splitClipboardText('')).toEqual({ ok: false, fault: 'empty' });
    expect(splitClipboardText('\0')).toEqual({ ok: false, fault: 'empty' });
  });
});

describe('parts that arrive', () => {
  const first = { id: 1, index: 0, of: 3, text: 'a' };
  const begun = (): ClipboardArriving => {
    const step = takePart(undefined, first);
    if (step.kind !== 'arriving') throw new Error(step.kind);
    return step.arriving;
  };

  it.each<[string, ClipboardPart]>([
    ['of another text', { id: 2, index: 1, of: 3, text: 'b' }],
    ['again', { id: 1, index: 2, of: 3, text: 'c' }],
    ['of a text that was of another length', { id: 1, index: 1, of: 2, text: 'b' }],
    ['beyond the last', { id: 1, index: 3, of: 3, text: 'b' }],
  ])('out of order are not taken: %s', (_, part) => {
    expect(takePart(begun(), part)).toEqual({ kind: 'out_of_order' });
  });

  it('begin anew with the first part of another text', () => {
    expect(takePart(begun(), { id: 2, index: 0, of: 1, text: 'z' })).toEqual({ kind: 'complete', text: 'z' });
  });

  it('without a first part are nothing', () => {
    expect(takePart(undefined, { id: 1, index: 1, of: 2, text: 'b' })).toEqual({ kind: 'out_of_order' });
    expect(takePart(undefined, { id: 1, index: 0, of: 0, text: 'b' })).toEqual({ kind: 'out_of_order' });
  });

  it('that are more than a mebibyte together are refused before the last one', () => {
    const text = '你'.repeat(16_384);
    let arriving: ClipboardArriving | undefined;
    for (let index = 0; index < 512; index += 1) {
      const step = takePart(arriving, { id: 1, index, of: 512, text });
      if (step.kind === 'too_large') {
        expect((index + 1) * bytes(text)).toBeGreaterThan(maxClipboardBytes);
        return;
      }
      if (step.kind !== 'arriving') throw new Error(step.kind);
      arriving = step.arriving;
      expect(arriving.bytes).toBeLessThanOrEqual(maxClipboardBytes);
    }
    throw new Error('taken');
  });
});

describe('parts that the other side says it has', () => {
  it('count when they were sent, and never backwards', () => {
    const { sending } = nextParts(beginSending(1, ['a', 'b', 'c', 'd', 'e', 'f']));
    expect(sending.sent).toBe(4);
    expect(partsArrived(sending, 5)).toBe(sending);
    const two = partsArrived(sending, 2);
    expect(nextParts(two).parts.map(({ text }) => text)).toEqual(['e', 'f']);
    expect(partsArrived(two, 1)).toBe(two);
  });
});

describe('messages of the clipboard', () => {
  const part = { id: 0, index: 0, of: 1, text: 'x' };

  it.each([
    [{ type: 'clipboard_get', id: 4_294_967_295 }, true],
    [{ type: 'clipboard_set', ...part, text: 'x'.repeat(16_384) }, true],
    [{ type: 'clipboard_arrived', id: 1, parts: 512 }, true],
    [{ type: 'clipboard_get' }, false],
    [{ type: 'clipboard_get', id: -1 }, false],
    [{ type: 'clipboard_set', ...part, text: '' }, false],
    [{ type: 'clipboard_set', ...part, text: 'x'.repeat(16_385) }, false],
    [{ type: 'clipboard_set', ...part, text: 'half \ud83d' }, false],
    [{ type: 'clipboard_set', ...part, text: 'nul \0' }, false],
    [{ type: 'clipboard_set', ...part, index: 512 }, false],
    [{ type: 'clipboard_set', ...part, of: 513 }, false],
    [{ type: 'clipboard_arrived', id: 1, parts: 0 }, false],
  ])('of a phone: %#', (message, isRead) => {
    const read = parseClipboardPhoneMessage(JSON.stringify(message));
    expect(read).toEqual(isRead ? { ok: true, message } : { ok: false, fault: 'bad_fields' });
  });

  it.each([
    [{ type: 'clipboard_written', id: 3 }, true],
    [{ type: 'clipboard_refused', id: 3, reason: 'a_reason_of_later' }, true],
    [{ type: 'clipboard_refused', id: 3, reason: 'No!' }, false],
    [{ type: 'clipboard_text', ...part, id: 0.5 }, false],
  ])('of a desktop: %#', (message, isRead) => {
    const read = parseClipboardDesktopMessage(JSON.stringify(message));
    expect(read).toEqual(isRead ? { ok: true, message } : { ok: false, fault: 'bad_fields' });
  });

  it('of one side are not the other’s, and what is no message is none', () => {
    expect(parseClipboardPhoneMessage('{"type":"clipboard_written","id":1}')).toEqual({
      ok: false,
      fault: 'unknown_type',
    });
    expect(parseClipboardDesktopMessage('{"type":"clipboard_get","id":1}')).toEqual({
      ok: false,
      fault: 'unknown_type',
    });
    expect(parseClipboardPhoneMessage('x'.repeat(maxControlMessageLength + 1))).toEqual({
      ok: false,
      fault: 'not_json',
    });
  });

  it('are checked as their schemas say', () => {
    const odd = fc.oneof(fc.constantFrom<unknown>(0, 1, 512, -1, 'x', '', 'half \ud83d', null), fc.jsonValue());
    type Checks = Readonly<Record<string, (value: unknown) => boolean>>;
    const tables: readonly (readonly [schemas: Readonly<Record<string, TObject>>, checks: Checks])[] = [
      [clipboardPhoneSchemas, clipboardPhoneChecks],
      [clipboardDesktopSchemas, clipboardDesktopChecks],
    ];
    for (const [schemas, checks] of tables) {
      for (const [type, schema] of Object.entries(schemas)) {
        const fields = Object.fromEntries(Object.keys(schema.properties).map((name) => [name, odd]));
        fc.assert(
          fc.property(fc.record({ ...fields, type: fc.constant(type) }, { requiredKeys: ['type'] }), (value) => {
            expect(checks[type]!(value)).toBe(Value.Check(schema, value));
          }),
        );
      }
    }
  });
});
