import { describe, expect, it } from 'vitest';

import { codeStanding } from '../../../src/window/code-standing.js';
import type { WindowState } from '../../../src/host/window-protocol.js';
import { currentScreen as screenOf } from '../../../src/window/current-screen.js';
import type { HostStatus } from '../../../src/window/host-connection.js';
import { phonesOf } from '../../../src/window/phones.js';
import { connectedSession, promptWith, sessionWith, stateWith } from './states.js';

const moment = { now: 1_000_000, sightings: new Map() };

const currentScreen = (status: HostStatus, state: WindowState | null, wantsCode: boolean) =>
  screenOf(status, state, state ? phonesOf(state, moment) : [], wantsCode);

describe('the one screen', () => {
  it('is the question before everything else', () => {
    const asked = sessionWith({ sessionID: 's2', prompt: promptWith() });
    const state = stateWith({ sessions: [connectedSession(), asked] });
    expect(currentScreen('open', state, true)).toEqual({ name: 'request', session: asked, prompt: asked.prompt });
  });

  it('is whoever is connected, unless another code is wanted', () => {
    const state = stateWith({ sessions: [connectedSession(), sessionWith({ sessionID: 's2' })] });
    expect(currentScreen('open', state, false).name).toBe('control');
    expect(currentScreen('open', state, true)).toMatchObject({ name: 'code', session: { sessionID: 's2' } });
  });

  it.each(['connecting', 'disconnected'] as const)('stays with a phone that is %s', (direct) => {
    expect(
      currentScreen('open', stateWith({ sessions: [connectedSession({ direct, lastSeenAt: 990_000 })] }), false).name,
    ).toBe('control');
  });

  it('is the newest code that can be scanned, while a phone is away', () => {
    const gone = connectedSession({ sessionID: 's0', direct: 'closed' });
    const state = stateWith({ sessions: [gone, sessionWith({ sessionID: 's1' }), sessionWith({ sessionID: 's2' })] });
    expect(currentScreen('open', state, false)).toMatchObject({ name: 'code', session: { sessionID: 's2' } });
  });

  it('has no code for the moment between two sessions', () => {
    expect(currentScreen('open', stateWith({ sessions: [] }), false)).toEqual({ name: 'code', session: null });
  });

  it('says when the app has ended, whatever was shown', () => {
    expect(currentScreen('ended', stateWith(), false)).toEqual({ name: 'ended' });
    expect(currentScreen('refused', null, false)).toEqual({ name: 'refused' });
    expect(currentScreen('lost', stateWith(), false).name).toBe('code');
    expect(currentScreen('connecting', null, false)).toEqual({ name: 'starting' });
  });
});

describe('how it stands with the code', () => {
  const loopback = { address: '127.0.0.1', interfaceName: 'lo', kind: 'loopback' } as const;

  it.each([
    ['ready', stateWith(), sessionWith(), false],
    ['none', stateWith(), null, false],
    ['over', stateWith(), sessionWith(), true],
    ['no_network', stateWith({ addresses: [loopback], address: '127.0.0.1' }), sessionWith(), false],
    ['no_network', stateWith({ addresses: [], address: '127.0.0.1' }), sessionWith(), false],
    ['ready', stateWith({ addresses: [loopback], address: 'study.example' }), sessionWith(), false],
    ['unreachable', stateWith({ isSignalingConnected: false }), null, false],
    [
      'no_input',
      stateWith({ input: { isReady: false, panicKey: null, problem: 'No display.' } }),
      sessionWith(),
      false,
    ],
  ] as const)('is %s', (standing, state, session, isOver) => {
    expect(codeStanding(state, session, isOver)).toBe(standing);
  });
});
