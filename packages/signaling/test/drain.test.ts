import { describe, expect, it, vi } from 'vitest';

import { reconnectSpreadSeconds } from '../src/reconnect-spread.js';
import { pairedPeers, script, setStage } from './stage.js';

const secondsOf = (message: Readonly<Record<string, unknown>>): number => {
  expect(message).toMatchObject({ type: 'session_closed', reason: 'server_shutdown' });
  return Number(message['reconnectAfterSeconds']);
};

describe('a server that goes down', () => {
  it('[SC7] gives all sessions of one desktop, and their phones, one time to come back', async () => {
    const stage = await setStage({ reconnectSpread: () => 1000 });
    const { desktop, phone } = await pairedPeers(stage);
    for (let index = 0; index < 10; index += 1) {
      desktop.send(script().create);
      await desktop.next('session_created');
    }
    const other = await pairedPeers(stage);
    const closed = stage.server.close();
    const first = secondsOf(await desktop.next('session_closed'));
    for (let index = 0; index < 10; index += 1) {
      expect(secondsOf(await desktop.next('session_closed'))).toBe(first);
    }
    expect(secondsOf(await phone.next('session_closed'))).toBe(first);
    // A million milliseconds to choose from.
    expect(secondsOf(await other.desktop.next('session_closed'))).not.toBe(first);
    await closed;
  });

  it('[SC7] has them come back over as long as the option says for so many sessions', async () => {
    const asked: number[] = [];
    const stage = await setStage({
      reconnectSpread: (sessions) => {
        asked.push(sessions);
        return 0.05;
      },
    });
    const peers = [await pairedPeers(stage), await pairedPeers(stage), await pairedPeers(stage)];
    const closed = stage.server.close();
    for (const { desktop } of peers) {
      const seconds = secondsOf(await desktop.next('session_closed'));
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThan(0.05);
    }
    await closed;
    expect(asked).toEqual([3]);
  });

  it.each([
    [0, 5],
    [1000, 5],
    [2000, 10],
    [6000, 30],
    [100_000, 30],
  ])('[SC7] has %i sessions come back over %i seconds unless told otherwise', (sessions, seconds) => {
    expect(reconnectSpreadSeconds(sessions)).toBe(seconds);
  });

  it('[SC7] answers upgrades with 503 until everybody has said goodbye, and then nobody', async () => {
    const stage = await setStage();
    const slow = await stage.connect('slow');
    slow.socket.pause();
    const closed = stage.server.close({ drainMs: 60_000 });
    await expect(stage.connect('late')).rejects.toThrow('503');
    expect((await fetch(`http://127.0.0.1:${stage.port}/`)).status).toBe(200);
    slow.socket.resume();
    expect(await slow.end()).toMatchObject({ code: 1001 });
    await closed;
    await expect(stage.connect('too late')).rejects.toThrow('ECONNREFUSED');
    await vi.waitFor(() => expect(stage.clock.pendingTimers).toBe(0), { interval: 1 });
  });
});
