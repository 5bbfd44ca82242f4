import { maxControlMessageLength, parseScreenDesktopMessage, parseScreenPhoneMessage } from '@proxim/control';
import { screenDesktopSchemas, screenPhoneSchemas } from '@proxim/control/screen-schemas';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';

import { screenDesktopChecks, screenPhoneChecks } from '../src/generated/screen-validators.js';

const sdp = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n';
const candidate = {
  candidate: 'candidate:1 1 udp 1 192.168.1.7 50000 typ host generation 0 ufrag Ab+/ network-cost 999',
  sdpMid: '0',
  sdpMLineIndex: 0,
};
const end = { candidate: '', sdpMid: null, sdpMLineIndex: null };

const phoneMessages = [
  { type: 'screen_ask', share: 1 },
  { type: 'screen_ask', share: 4_294_967_295, maxWidth: 160, maxHeight: 8192 },
  { type: 'screen_answer', share: 2, sdp },
  { type: 'screen_answer', share: 2, sdp: `v=0\n${'x'.repeat(16_000)}` },
  { type: 'screen_candidate', share: 2, ...candidate },
  { type: 'screen_candidate', share: 2, ...end },
  { type: 'screen_stop', share: 2, since: 'a newer version' },
];
const desktopMessages = [
  { type: 'screen_state', share: 1, state: 'asked' },
  { type: 'screen_state', share: 1, state: 'refused', reason: 'not_allowed' },
  { type: 'screen_offer', share: 1, sdp },
  {
    type: 'screen_offer',
    share: 1,
    sdp,
    iceServers: [{ urls: 'stun:192.0.2.1:3478' }, { urls: ['turn:192.0.2.1:3478'], username: 'u', credential: 'c' }],
  },
  { type: 'screen_candidate', share: 1, ...candidate },
];

describe('what a phone may say about the screen', () => {
  for (const message of phoneMessages) {
    it(`${JSON.stringify(message).slice(0, 60)} is read`, () => {
      expect(parseScreenPhoneMessage(JSON.stringify(message))).toEqual({ ok: true, message });
    });
  }

  const wrong: readonly unknown[] = [
    { type: 'screen_ask' },
    { type: 'screen_ask', share: 0 },
    { type: 'screen_ask', share: 1.5 },
    { type: 'screen_ask', share: 1, maxWidth: 159 },
    { type: 'screen_ask', share: 1, maxHeight: 8193 },
    { type: 'screen_answer', share: 1, sdp: '' },
    { type: 'screen_answer', share: 1, sdp: 'm=video' },
    { type: 'screen_answer', share: 1, sdp: `v=0\n${'x'.repeat(16_001)}` },
    { type: 'screen_answer', share: 1, sdp: 'v=0\r\ns=\u0000\r\n' },
    { type: 'screen_answer', share: 1, sdp: 'v=0\r\ns=ä\r\n' },
    { type: 'screen_candidate', share: 1, ...candidate, candidate: 'a=candidate' },
    { type: 'screen_candidate', share: 1, ...candidate, candidate: `candidate:${'1'.repeat(501)}` },
    { type: 'screen_candidate', share: 1, ...candidate, candidate: 'candidate:1\nx' },
    { type: 'screen_candidate', share: 1, ...candidate, sdpMid: '' },
    { type: 'screen_candidate', share: 1, ...candidate, sdpMLineIndex: 16 },
    { type: 'screen_stop' },
  ];
  for (const message of wrong) {
    it(`${JSON.stringify(message).slice(0, 80)} is refused`, () => {
      expect(parseScreenPhoneMessage(JSON.stringify(message))).toEqual({ ok: false, fault: 'bad_fields' });
    });
  }

  it('is nothing of the control channel, nor what is no message or too long', () => {
    expect(parseScreenPhoneMessage('{"type":"release_all"}')).toEqual({ ok: false, fault: 'unknown_type' });
    expect(parseScreenPhoneMessage('{"type":"screen_state","share":1,"state":"asked"}').ok).toBe(false);
    expect(parseScreenPhoneMessage('nonsense')).toEqual({ ok: false, fault: 'not_json' });
    const long = JSON.stringify({ type: 'screen_stop', share: 1, x: 'x'.repeat(maxControlMessageLength) });
    expect(parseScreenPhoneMessage(long)).toEqual({ ok: false, fault: 'not_json' });
  });
});

describe('what the desktop says about the screen', () => {
  for (const message of desktopMessages) {
    it(`${JSON.stringify(message).slice(0, 60)} is read`, () => {
      expect(parseScreenDesktopMessage(JSON.stringify(message))).toEqual({ ok: true, message });
    });
  }

  for (const message of [
    { type: 'screen_state', share: 1, state: 'shown' },
    { type: 'screen_state', share: 1, state: 'stopped', reason: 'Because!' },
    { type: 'screen_offer', share: 1, sdp, iceServers: [{ urls: 'stun: 1' }] },
    { type: 'screen_offer', share: 1, sdp, iceServers: Array.from({ length: 9 }, () => ({ urls: 'stun:a' })) },
  ]) {
    it(`${JSON.stringify(message).slice(0, 80)} is refused`, () => {
      expect(parseScreenDesktopMessage(JSON.stringify(message))).toEqual({ ok: false, fault: 'bad_fields' });
    });
  }
});

describe('the generated checks', () => {
  it.each([
    ...Object.entries(screenPhoneSchemas).map(
      ([name, schema]) => [name, schema, screenPhoneChecks[name as keyof typeof screenPhoneChecks]] as const,
    ),
    ...Object.entries(screenDesktopSchemas).map(
      ([name, schema]) => [name, schema, screenDesktopChecks[name as keyof typeof screenDesktopChecks]] as const,
    ),
  ])('say of %s what its schema says', (_name, schema, check) => {
    const samples = [...phoneMessages, ...desktopMessages];
    const field = fc.constantFrom('type', 'share', 'sdp', 'candidate', 'sdpMid', 'maxWidth', 'state', 'iceServers');
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.dictionary(field, fc.jsonValue()), (sample, changes) => {
        const value = { ...sample, ...changes };
        expect(check(value)).toBe(Value.Check(schema, value));
      }),
    );
  });
});
