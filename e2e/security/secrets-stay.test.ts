import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { unloadNodeRtcEngine } from '@proxim/peer/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Command, event, runProxim } from '../../apps/desktop/test/support/command.js';
import { isStatus, type NodePhone, startNodePhone } from '../../apps/desktop/test/support/node-phone.js';
import { findWindow, startXScreen, type XScreen } from '../../apps/desktop/test/support/x-screen.js';
import { handshake, rawRequest } from './raw-request.js';

/** What the processes of this machine show of themselves: the file `cmdline` to everybody, `environ` to their user. */
const ofAllProcesses = async (file: 'cmdline' | 'environ'): Promise<readonly string[]> => {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  // A process that has ended meanwhile, or that is somebody else's, shows nothing.
  return Promise.all(ids.map((id) => readFile(`/proc/${id}/${file}`, 'utf8').catch(() => '')));
};

describe('the window’s token and the code’s secret', () => {
  let screen: XScreen;
  let folder: string;
  let app: Command;
  let phone: NodePhone;
  let port: number;
  let ui: URL;
  let secrets: Readonly<Record<'token' | 'k', string>>;

  beforeAll(async () => {
    screen = await startXScreen();
    folder = await mkdtemp(join(tmpdir(), 'proxim-secrets-'));
    const args = ['--json', '--port', '0', '--address', '127.0.0.1', '--data-dir', folder];
    app = runProxim(args, { env: { DISPLAY: screen.display } });
    const listening = await app.next(event('listening'));
    [port, ui] = [Number(listening['port']), new URL(String(listening['ui']))];
    const session = await app.next(event('session'));
    const link = new URL(String(session['link']));
    const k = new URLSearchParams(link.hash.slice(1)).get('k') ?? '';
    secrets = { token: ui.hash.slice(1), k };
    await findWindow(screen.display, '--name', 'Proxim');
    phone = startNodePhone(link.href);
    const { sessionID } = session;
    await app.next(event('pair_prompt'));
    app.send({ command: 'approve', sessionID });
    await phone.reaches(isStatus('connected'));
  });

  afterAll(async () => {
    phone.peer.leave();
    await app.stop();
    await screen.stop();
    await unloadNodeRtcEngine();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('are 128 random bits each, and two things', () => {
    for (const secret of Object.values(secrets)) expect(secret).toMatch(/^[\w-]{22}$/);
    expect(secrets.token).not.toBe(secrets.k);
  });

  it.each(['cmdline', 'environ'] as const)('stand in the %s of no process while a phone is connected', async (file) => {
    const texts = await ofAllProcesses(file);
    if (file === 'cmdline') expect(texts.some((text) => text.includes(`--user-data-dir=${folder}`))).toBe(true);
    for (const secret of Object.values(secrets)) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  });

  it('stand in no line of the log, not even where somebody sends them to the wrong place', async () => {
    for (const secret of Object.values(secrets)) {
      const path = `/signal?${secret}`;
      const host = `Host: 127.0.0.1:${String(port)}`;
      const foreign = await rawRequest(port, [`GET ${path} HTTP/1.1`, 'Host: evil.example', ...handshake]);
      expect(foreign.status).toBe(403);
      const lines = [`GET ${path} HTTP/1.1`, host, `Origin: http://${secret}.example`, ...handshake];
      expect((await rawRequest(port, lines)).status).toBe(403);
      const missing = await rawRequest(port, [`GET /${secret} HTTP/1.1`, host, 'Connection: close']);
      expect(missing.status).toBe(404);
      expect(missing.text).not.toContain(secret);
    }
    for (const secret of Object.values(secrets)) expect(app.errors()).not.toContain(secret);
  });

  it('are in nothing that either listener gives out', async () => {
    for (const base of [ui.origin, `http://127.0.0.1:${String(port)}`]) {
      for (const path of ['/', '/index.html', '/missing']) {
        const response = await fetch(base + path);
        const all = JSON.stringify([...response.headers]) + (await response.text());
        for (const secret of Object.values(secrets)) expect(all).not.toContain(secret);
      }
    }
  });
});
