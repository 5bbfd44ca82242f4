import { readSignal, refusedCodes, type Signal } from '@proxim/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const line = 'candidate:1 1 UDP 2122252543 192.168.1.7 50000 typ host';
const end: Signal = {
  kind: 'candidate',
  candidate: { candidate: '', sdpMid: null, sdpMLineIndex: null, usernameFragment: null },
};
const description = (changes: Partial<Extract<Signal, { kind: 'description' }>> = {}): Signal => ({
  kind: 'description',
  type: undefined,
  sdp: 'v=0',
  auth: undefined,
  ...changes,
});
const candidate = (changes: Partial<Extract<Signal, { kind: 'candidate' }>['candidate']> = {}): Signal => ({
  kind: 'candidate',
  candidate: { candidate: line, sdpMid: null, sdpMLineIndex: null, usernameFragment: null, ...changes },
});

const init = { candidate: line, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'abcd' };
const readInit = candidate({ sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'abcd' });

const spellings: readonly (readonly [string, unknown, Signal])[] = [
  ['[SG7] [SG8] an sdp that is a string, with no type', { sdp: 'v=0' }, description()],
  ['[SG6] our own offer', { sdp: 'v=0', type: 'offer', auth: 'a' }, description({ type: 'offer', auth: 'a' })],
  ['[SG6] our own answer', { sdp: 'v=0', type: 'answer' }, description({ type: 'answer' })],
  [
    '[SG7] an RTCSessionDescriptionInit under sdp',
    { sdp: { type: 'answer', sdp: 'v=0' } },
    description({ type: 'answer' }),
  ],
  [
    '[SG7] one whose type and auth stand outside',
    { sdp: { sdp: 'v=0' }, type: 'offer', auth: 'a' },
    description({ type: 'offer', auth: 'a' }),
  ],
  [
    '[SG7] one whose auth stands inside',
    { sdp: { type: 'offer', sdp: 'v=0', auth: 'a' } },
    description({ type: 'offer', auth: 'a' }),
  ],
  ['[SG8] a type that is neither offer nor answer', { sdp: 'v=0', type: 'pranswer' }, description()],
  ['[SG7] an auth that is no string', { sdp: 'v=0', auth: 7 }, description()],
  ['[SG7] a description with a null candidate beside it', { sdp: 'v=0', candidate: null }, description()],
  ['[SG7] a candidate with a null sdp beside it', { sdp: null, candidate: line }, candidate()],
  ['[SG7] a candidate that is a string', { candidate: line }, candidate()],
  ['[SG6] our own candidate', init, readInit],
  ['[SG7] an RTCIceCandidateInit under candidate', { candidate: init }, readInit],
  ['[SG7] one with nulls', { candidate: { candidate: line, sdpMid: null, sdpMLineIndex: null } }, candidate()],
  ['[SG7] one with a line index that is none', { candidate: { candidate: line, sdpMLineIndex: -1 } }, candidate()],
  ['[SG7] one with a line index between lines', { candidate: line, sdpMLineIndex: 0.5 }, candidate()],
  ['[SG7] the end as ""', { candidate: '' }, end],
  ['[SG7] the end as null', { candidate: null }, end],
  ['[SG7] the end as an RTCIceCandidateInit', { candidate: { candidate: '', sdpMid: '0' } }, end],
  ['[SG7] the end as a null inside', { candidate: { candidate: null } }, end],
  ...refusedCodes.map((code): readonly [string, unknown, Signal] => [
    `[AU18] a refusal for ${code}`,
    { candidate: '', refused: code },
    { kind: 'refused', code },
  ]),
  ['[AU18] a refusal for a reason that is none', { candidate: '', refused: 'because' }, end],
  ['[SG7] an sdp that is a number', { sdp: 7 }, { kind: 'unreadable' }],
  ['[SG7] an sdp object without an sdp', { sdp: { type: 'offer' } }, { kind: 'unreadable' }],
  ['[SG7] an sdp that is an array', { sdp: ['v=0'] }, { kind: 'unreadable' }],
  ['[SG7] a candidate that is a number', { candidate: 7 }, { kind: 'unreadable' }],
  ['[SG7] a candidate object without a candidate', { candidate: { sdpMid: '0' } }, { kind: 'unreadable' }],
  ['[SG7] a null sdp alone', { sdp: null }, { kind: 'unreadable' }],
  ['[SG7] neither', {}, { kind: 'unreadable' }],
  ['[SG7] null', null, { kind: 'unreadable' }],
  ['[SG7] an array', [{ sdp: 'v=0' }], { kind: 'unreadable' }],
  ['[SG7] a string', 'v=0', { kind: 'unreadable' }],
];

describe('readSignal', () => {
  for (const [name, payload, expected] of spellings) {
    it(name, () => {
      expect(readSignal(payload)).toEqual(expected);
    });
  }

  it('[SG7] reads anything at all without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record(
            { sdp: fc.anything(), candidate: fc.anything(), type: fc.anything(), refused: fc.anything() },
            { requiredKeys: [] },
          ),
        ),
        (payload) => {
          expect(['description', 'candidate', 'refused', 'unreadable']).toContain(readSignal(payload).kind);
        },
      ),
    );
  });
});
