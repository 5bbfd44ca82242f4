import { type SessionType } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import { BothSides } from '../stage/both-sides.js';
import { HandDesktop } from '../stage/hand-desktop.js';
import { settle } from '../stage/settle.js';

const ended = (stage: BothSides): string[] => stage.emitted('session_closed').map(({ reason }) => reason);

describe('a temporary session', () => {
  it('[EX2] [EX6] [EX7] ends on the desktop’s own clock, paired or not, though the relay never says so', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected({ sessionType: 'temporary', ttlSeconds: 30 });
    stage.relay.lie = (frame) => (frame.includes('expired') ? undefined : frame);
    stage.desktop.createSession({ sessionType: 'temporary', ttlSeconds: 20 });
    await stage.pass(19_500);
    expect(ended(stage)).toEqual([]);
    await stage.pass(1000);
    expect(ended(stage)).toEqual(['expired']);
    await stage.pass(9000);
    expect(stage.view(sessionID)?.directState).toBe('connected');
    await stage.pass(1000);
    expect(ended(stage)).toEqual(['expired', 'expired']);
    expect(stage.network.alive).toHaveLength(0);
    expect(phone.end).toBe('expired');
  });

  it('[EX1] has 900 s unless something else is said', async () => {
    const stage = new BothSides();
    const sessionID = await stage.session({ sessionType: 'temporary' });
    expect(stage.view(sessionID)?.expiresAt).toBe(900_000);
  });

  it('[EX7] ends in time while the server is away, and is not made again', async () => {
    const stage = new BothSides();
    await stage.connected({ sessionType: 'temporary', ttlSeconds: 30 });
    stage.relay.kill();
    await stage.pass(31_000);
    expect(ended(stage)).toEqual(['expired']);
    stage.relay.restart();
    await stage.pass(20_000);
    expect(stage.relay.sessions).toBe(0);
  });

  it.each([0, 1.5, 2_000_001, Number.NaN])('[EX2] takes no %s seconds', (ttlSeconds) => {
    const { desktop } = new BothSides();
    expect(() => desktop.createSession({ sessionType: 'temporary', ttlSeconds })).toThrow('whole seconds');
  });

  it('[EX6] [SC3] is closed at a server that would end it later, and at no other', () => {
    for (const [expiresInSeconds, isClosed] of [
      [30, false],
      [30.9, false],
      [40, true],
      [null, true],
    ] as const) {
      const desktop = new HandDesktop({ sessionType: 'temporary', ttlSeconds: 30 });
      desktop.created({ expiresInSeconds });
      desktop.clock.advance(15_000);
      desktop.socket.say({ type: 'pong' });
      desktop.socket.take();
      desktop.clock.advance(15_000);
      expect(desktop.view).toBeUndefined();
      expect(desktop.socket.take().some(({ type }) => type === 'session_close')).toBe(isClosed);
    }
  });

  it('[EX9] ends when the server says that it expired', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected({ sessionType: 'temporary' });
    stage.relay.say('desktop', { type: 'session_closed', sessionID, reason: 'expired' });
    await settle();
    expect(ended(stage)).toEqual(['expired']);
    expect(phone.end).toBe('expired');
  });
});

describe('a one-time session', () => {
  it('[EX4] [EX8] ends at the first disconnect, and the server is told', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected({ sessionType: 'one_time' });
    await stage.pass(1_000_000, 2000);
    expect(ended(stage)).toEqual([]);
    stage.network.fail();
    await settle();
    expect(ended(stage)).toEqual(['closed_by_desktop']);
    expect(stage.relay.sessions).toBe(0);
    expect(phone.end).toBe('closed_by_desktop');
  });

  it('[EX8] ends when the phone falls silent', async () => {
    const stage = new BothSides();
    await stage.connected({ sessionType: 'one_time' });
    stage.network.cut();
    await stage.pass(6000);
    expect(ended(stage)).toEqual(['closed_by_desktop']);
  });

  it('[EX8] ends when the phone leaves', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected({ sessionType: 'one_time' });
    phone.peer.leave();
    await settle();
    expect(ended(stage)).toEqual(['closed_by_desktop']);
  });

  it('[EX8] lives through attempts that do not open, and ends 60 s after the approval if none does', async () => {
    const stage = new BothSides();
    stage.network.isReachable = false;
    const { sessionID } = await stage.connected({ sessionType: 'one_time' });
    await stage.pass(15_000);
    expect(ended(stage)).toEqual([]);
    expect(stage.view(sessionID)?.directState).toBe('connecting');
    stage.network.isReachable = true;
    await stage.pass(20_000);
    expect(stage.view(sessionID)?.directState).toBe('connected');
    await stage.pass(60_000);
    expect(ended(stage)).toEqual([]);

    const other = new BothSides();
    other.network.isReachable = false;
    await other.connected({ sessionType: 'one_time' });
    await other.pass(59_500);
    expect(ended(other)).toEqual([]);
    await other.pass(1000);
    expect(ended(other)).toEqual(['closed_by_desktop']);
  });

  it('[EX3] [EX7] ends when nobody is let in for 15 minutes', async () => {
    const stage = new BothSides();
    stage.relay.lie = (frame) => (frame.includes('expired') ? undefined : frame);
    await stage.session({ sessionType: 'one_time' });
    await stage.pass(899_000, 2000);
    expect(ended(stage)).toEqual([]);
    await stage.pass(2000);
    expect(ended(stage)).toEqual(['expired']);
  });

  it('[CB13] [CB15] [EX4] survives a restart of the server, without a new time limit', async () => {
    const stage = new BothSides();
    const { phone } = await stage.connected({ sessionType: 'one_time' });
    stage.relay.kill();
    stage.relay.restart();
    await stage.pass(1_000_000, 2000);
    expect(ended(stage)).toEqual([]);
    expect(phone.status).toBe('connected');
    expect(stage.prompts()).toHaveLength(1);
  });
});

describe('a persistent session', () => {
  it('[EX5] lives until the desktop closes it', async () => {
    const stage = new BothSides();
    const { sessionID, phone } = await stage.connected({ sessionType: 'persistent' });
    await stage.pass(3_000_000, 2000);
    expect(ended(stage)).toEqual([]);
    stage.desktop.closeSession(sessionID);
    await settle();
    expect(phone.end).toBe('closed_by_desktop');
    expect(stage.relay.sessions).toBe(0);
  });
});

describe('every kind of session', () => {
  it.each<SessionType>(['one_time', 'temporary', 'persistent'])('leaves no timer behind: %s', async (sessionType) => {
    const stage = new BothSides();
    await stage.connected({ sessionType });
    stage.desktop.createSession({ sessionType });
    stage.desktop.stop();
    for (const { peer } of stage.phones) peer.leave();
    await settle();
    expect(stage.clock.pendingTimers).toBe(0);
    expect(stage.network.alive).toEqual([]);
  });
});
