import { maxControlMessageLength, parseDesktopMessage, parsePhoneMessage } from '@proxim/control';
import { desktopSchemas, phoneSchemas } from '@proxim/control/schemas';
import fc from 'fast-check';
import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';

import { desktopChecks, phoneChecks } from '../src/generated/validators.js';

const at = { sequence: 1, x: 0, y: -5, scrollX: 0, scrollY: 0 };
const phoneMessages = [
  { type: 'hello', version: 1, name: 'Galaxy S23' },
  { type: 'button', button: 'left', pressed: true, at },
  {
    type: 'button',
    button: 'forward',
    pressed: false,
    at: { ...at, sequence: 4_294_967_295, x: -2_147_483_648, y: 2_147_483_647 },
  },
  { type: 'text', text: 'héllo ✓ 你好 😀\n' },
  { type: 'text', text: '😀'.repeat(4096) },
  { type: 'key', code: 'ArrowLeft', key: 'ArrowLeft', pressed: true },
  { type: 'key', code: 'KeyA', key: 'ä', pressed: false },
  { type: 'release_all' },
  { type: 'release_all', since: 'a newer version' },
  { type: 'system', id: 1, action: 'lock' },
  { type: 'system', id: 4_294_967_295, action: 'shut_down' },
  { type: 'system_cancel', id: 1 },
];
const desktopMessages = [
  { type: 'hello', version: 65_535, name: 'Zoë’s PC' },
  { type: 'control_state', ready: true },
  { type: 'control_state', ready: false, reason: 'no_display' },
  { type: 'system_result', id: 1, outcome: 'done' },
  { type: 'system_result', id: 1, outcome: 'asked', seconds: 20 },
  { type: 'system_result', id: 1, outcome: 'refused', reason: 'rejected_by_user' },
  { type: 'system_going', action: 'restart' },
];

describe('what a phone may say', () => {
  for (const message of phoneMessages) {
    it(`${JSON.stringify(message).slice(0, 60)} is read`, () => {
      expect(parsePhoneMessage(JSON.stringify(message))).toEqual({ ok: true, message });
    });
  }

  const wrong: readonly unknown[] = [
    { type: 'hello', version: 0, name: 'x' },
    { type: 'hello', version: 1 },
    { type: 'hello', version: 1, name: '' },
    { type: 'hello', version: 1, name: 'exe.\u202Egpj' },
    { type: 'hello', version: 1.5, name: 'x' },
    { type: 'button', button: 'left', pressed: true },
    { type: 'button', button: 'sixth', pressed: true, at },
    { type: 'button', button: 'left', pressed: 1, at },
    { type: 'button', button: 'left', pressed: true, at: { ...at, sequence: -1 } },
    { type: 'button', button: 'left', pressed: true, at: { ...at, x: 2_147_483_648 } },
    { type: 'button', button: 'left', pressed: true, at: { ...at, y: 0.5 } },
    { type: 'text', text: '' },
    { type: 'text', text: 'x'.repeat(4097) },
    { type: 'text', text: 'half \ud83d' },
    { type: 'text', text: 'nul \u0000' },
    { type: 'text', text: 7 },
    { type: 'key', code: '', key: 'a', pressed: true },
    { type: 'key', code: 'KeyA', key: 'x'.repeat(33), pressed: true },
    { type: 'key', code: 'Key\nA', key: 'a', pressed: true },
    { type: 'key', code: 'KeyA', key: 'a' },
    { type: 'system', id: 1, action: 'format' },
    { type: 'system', id: 1, action: ['lock'] },
    { type: 'system', id: -1, action: 'lock' },
    { type: 'system', action: 'lock' },
    { type: 'system_cancel' },
  ];
  for (const message of wrong) {
    it(`${JSON.stringify(message).slice(0, 80)} is refused for its fields`, () => {
      expect(parsePhoneMessage(JSON.stringify(message))).toEqual({ ok: false, fault: 'bad_fields' });
    });
  }

  for (const type of ['control_state', 'shutdown', '', 'constructor', '__proto__', 'toString']) {
    it(`the type "${type}" is unknown`, () => {
      expect(parsePhoneMessage(JSON.stringify({ type }))).toEqual({ ok: false, fault: 'unknown_type' });
    });
  }

  for (const text of [
    '',
    'words',
    '[]',
    '[{"type":"hello"}]',
    'null',
    '7',
    '"hello"',
    '{}',
    '{"type":7}',
    '['.repeat(30_000),
  ]) {
    it(`${text.slice(0, 20) || 'nothing'} is no message`, () => {
      expect(parsePhoneMessage(text)).toEqual({ ok: false, fault: 'not_json' });
    });
  }

  it('is at most 32,768 characters long', () => {
    const ofLength = (length: number): string => `{"type":"release_all","x":"${'x'.repeat(length - 29)}"}`;
    expect(ofLength(maxControlMessageLength)).toHaveLength(32_768);
    expect(parsePhoneMessage(ofLength(32_768)).ok).toBe(true);
    expect(parsePhoneMessage(ofLength(32_769)).ok).toBe(false);
  });

  it('never makes the parser throw', () => {
    const types = fc.constantFrom(...Object.keys(phoneSchemas));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc
            .tuple(
              types,
              fc.dictionary(
                fc.constantFrom('version', 'name', 'button', 'pressed', 'at', 'text', 'code', 'key'),
                fc.jsonValue(),
              ),
            )
            .map(([type, fields]) => JSON.stringify({ ...fields, type })),
        ),
        (text) => {
          expect(typeof parsePhoneMessage(text).ok).toBe('boolean');
          expect(typeof parseDesktopMessage(text).ok).toBe('boolean');
        },
      ),
    );
  });
});

describe('what a desktop may say', () => {
  for (const message of desktopMessages) {
    it(`${JSON.stringify(message)} is read`, () => {
      expect(parseDesktopMessage(JSON.stringify(message))).toEqual({ ok: true, message });
    });
  }

  for (const message of [
    { type: 'control_state' },
    { type: 'control_state', ready: true, reason: 'No display!' },
    { type: 'system_result', id: 1, outcome: 'perhaps' },
    { type: 'system_result', id: 1, outcome: 'refused', reason: 'Nobody is there.' },
    { type: 'system_result', id: 1, outcome: 'asked', seconds: 0 },
    { type: 'system_going', action: 'lock' },
  ]) {
    it(`${JSON.stringify(message)} is refused`, () => {
      expect(parseDesktopMessage(JSON.stringify(message))).toEqual({ ok: false, fault: 'bad_fields' });
    });
  }

  it('is not what a phone may say', () => {
    expect(parseDesktopMessage('{"type":"release_all"}')).toEqual({ ok: false, fault: 'unknown_type' });
  });
});

describe('the generated validators', () => {
  type Checks = Readonly<Record<string, (value: unknown) => boolean>>;
  const tables: readonly (readonly [side: string, schemas: Readonly<Record<string, TObject>>, checks: Checks])[] = [
    ['of the phone', phoneSchemas, phoneChecks],
    ['of the desktop', desktopSchemas, desktopChecks],
  ];
  const odd = fc.oneof(
    fc.constantFrom<unknown>(null, 0, 1, -1, 1.5, true, '', 'left', 'KeyA', at, { ...at, x: '0' }),
    fc.jsonValue(),
  );
  for (const [side, schemas, checks] of tables) {
    for (const [type, schema] of Object.entries(schemas)) {
      it(`${type} ${side} says what its schema says`, () => {
        const fields = Object.fromEntries(Object.keys(schema.properties).map((name) => [name, odd]));
        fc.assert(
          fc.property(fc.record({ ...fields, type: fc.constant(type) }, { requiredKeys: ['type'] }), (value) => {
            expect(checks[type]!(value)).toBe(Value.Check(schema, value));
          }),
        );
      });
    }
  }
});
