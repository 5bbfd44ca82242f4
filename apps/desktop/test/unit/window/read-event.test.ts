import { describe, expect, it } from 'vitest';

import { readWindowEvent } from '../../../src/window/read-event.js';
import { connectedSession, promptWith, sessionWith, stateWith } from './states.js';

const state = stateWith({
  sessions: [sessionWith({ prompt: promptWith() }), connectedSession({ expiresAt: null })],
});

describe('what the app says', () => {
  it('is read when it is whole', () => {
    expect(readWindowEvent(JSON.stringify({ event: 'state', state }))).toEqual({ event: 'state', state });
    const error = { event: 'error', code: 'not_paired', message: 'Nobody asks.' };
    expect(readWindowEvent(JSON.stringify(error))).toEqual(error);
  });

  it('may say more than this page knows', () => {
    expect(readWindowEvent(JSON.stringify({ event: 'state', state: { ...state, more: 1 } }))).not.toBeNull();
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['an unknown event', '{"event":"later"}'],
    ['an event of a prototype', '{"event":"constructor"}'],
    ['a state that lacks a field', JSON.stringify({ event: 'state', state: { ...state, sessions: undefined } })],
    [
      'a session of an unknown kind',
      JSON.stringify({ event: 'state', state: { ...state, sessions: [{ ...sessionWith(), sessionType: 'weekly' }] } }),
    ],
    ['an error without a message', '{"event":"error","code":"x"}'],
  ])('is left alone when it is %s', (_what, text) => {
    expect(readWindowEvent(text)).toBeNull();
  });
});
