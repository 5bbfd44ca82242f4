import { afterEach, describe, expect, it } from 'vitest';

import { WireClient } from '../../../conformance/src/wire-client.js';
import { type Command, event, runProxim } from './support/command.js';
import { pairOver } from './support/wire-pairing.js';

const uuid = '550e8400-e29b-41d4-a716-446655440000';

let running: Command | undefined;

afterEach(async () => {
  await running?.stop('SIGKILL');
  running = undefined;
});

const serve = async (
  ...args: readonly string[]
): Promise<{ readonly command: Command; readonly url: string; readonly watch: string }> => {
  running = runProxim(['serve', '--json', '--port', '0', '--metrics-port', '0', ...args]);
  const { url, metricsPort } = await running.next(event('listening'));
  return { command: running, url: String(url), watch: `http://127.0.0.1:${String(metricsPort)}` };
};

describe('proxim serve at SIGTERM', () => {
  it('[SC7] [CL1] is not ready at once, takes nobody more, tells everybody, and exits with 0 within 10 seconds', async () => {
    const { command, url, watch } = await serve();
    const { desktop, phone, sessionID } = await pairOver(url);
    const stuck = await WireClient.connect(url, { name: 'stuck' });
    stuck.socket.pause();
    const started = performance.now();
    const ended = command.stop('SIGTERM');
    for (const client of [desktop, phone]) {
      const end = await client.next('session_closed');
      expect(end).toMatchObject({ sessionID, reason: 'server_shutdown' });
      expect(end['reconnectAfterSeconds']).toBeLessThan(5);
      expect(await client.end()).toMatchObject({ code: 1001 });
    }
    // One who does not say goodbye holds it up.
    const ready = await fetch(`${watch}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toBe('The server is going down.\n');
    expect((await fetch(`${watch}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${watch}/metrics`)).text()).toContain('proxim_connections{role="none"} 1');
    await expect(WireClient.connect(url)).rejects.toThrow('503');
    expect(await ended).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
    await expect(fetch(`${watch}/readyz`)).rejects.toThrow('fetch failed');
    stuck.socket.terminate();
  });

  it('[SC7] has two thousand sessions come back over ten seconds, each desktop’s together', async () => {
    const { command, url } = await serve('--max-sessions-per-connection', '50', '--address-burst', '100000');
    const desktops = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const desktop = await WireClient.connect(url, { name: `desktop ${String(index)}` });
        for (let session = 0; session < 50; session += 1) {
          desktop.send({ type: 'session_create', sessionID: `session-${String(index)}-${String(session)}`, uuid });
          await desktop.next('session_created');
        }
        return desktop;
      }),
    );
    const ended = command.stop('SIGTERM');
    const told = await Promise.all(
      desktops.map(async (desktop) => {
        const times = new Set<number>();
        for (let session = 0; session < 50; session += 1) {
          times.add(Number((await desktop.next('session_closed'))['reconnectAfterSeconds']));
        }
        return [...times];
      }),
    );
    expect(told.map((times) => times.length)).toEqual(Array.from({ length: 40 }, () => 1));
    const times = told.flat();
    expect(Math.max(...times)).toBeLessThan(10);
    // That forty numbers drawn from ten seconds all lie in one half happens once in 2^39.
    expect(Math.max(...times)).toBeGreaterThan(5);
    expect(Math.min(...times)).toBeLessThan(5);
    expect(await ended).toBe(0);
  });
});
