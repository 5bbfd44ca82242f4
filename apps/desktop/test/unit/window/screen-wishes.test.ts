import { describe, expect, it } from 'vitest';

import type { WindowScreen } from '../../../src/host/screen-protocol.js';
import { phonesOf } from '../../../src/window/phones.js';
import { firstAsked, sharesToKeep, wishesOf } from '../../../src/window/screen-wishes.js';
import { connectedSession, sessionWith, stateWith } from './states.js';

const screen = (share: number, step: WindowScreen['step']): WindowScreen => ({
  share,
  step,
  maxWidth: 1920,
  maxHeight: 1920,
  iceServers: [],
});
const state = stateWith({
  sessions: [
    sessionWith({ sessionID: 's0' }),
    connectedSession({ sessionID: 's1', screen: screen(1, 'shared') }),
    connectedSession({ sessionID: 's2', screen: screen(2, 'asked'), label: 'Mum’s' }),
    connectedSession({ sessionID: 's3', screen: screen(3, 'asked') }),
  ],
});

describe('who sees the screen', () => {
  it('is said by phone, and one question comes after the other', () => {
    const phones = phonesOf(state, { now: 0, sightings: new Map() });
    expect(wishesOf(phones).map(({ phone, screen: { step } }) => [phone.name, step])).toEqual([
      ['Galaxy S23', 'shared'],
      ['Mum’s', 'asked'],
      ['Galaxy S23', 'asked'],
    ]);
    expect(firstAsked(phones)?.screen.share).toBe(2);
  });

  it('goes on only as long as the app says so', () => {
    expect(sharesToKeep('open', state)).toEqual(new Set([1, 2, 3]));
    for (const status of ['connecting', 'lost', 'ended', 'refused'] as const) {
      expect(sharesToKeep(status, state)).toEqual(new Set());
    }
    expect(sharesToKeep('open', null)).toEqual(new Set());
  });

  it('goes on for nobody who may not, or is paused', () => {
    const rights = { view: false, point: true, type: true, clipboard: true, system: true };
    const sessions = [
      connectedSession({ screen: screen(1, 'shared'), rights }),
      connectedSession({ screen: screen(2, 'shared'), isPaused: true }),
    ];
    expect(sharesToKeep('open', stateWith({ sessions }))).toEqual(new Set());
  });
});
