import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { type Command, event, runProxim } from './support/command.js';
import { findWindow, startXScreen, type XScreen } from './support/x-screen.js';

describe('the window’s listener', () => {
  let app: Command;
  let ui: URL;

  beforeEach(async () => {
    app = runProxim(['--json', '--no-open', '--port', '0']);
    ui = new URL(String((await app.next(event('listening')))['ui']));
  });

  afterEach(async () => {
    await app.stop('SIGKILL');
  });

  const socketUrl = (): string => `ws://${ui.host}/window`;
  const token = (): string => ui.hash.slice(1);

  /** The close code, or the HTTP status when the upgrade is refused. */
  const outcome = (headers: Readonly<Record<string, string>>, first: object): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(socketUrl(), { headers });
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
      socket.on('open', () => socket.send(JSON.stringify(first)));
      socket.on('close', (code) => resolve(code));
    });

  it('shows the state to who knows this run’s token', async () => {
    const socket = new WebSocket(socketUrl(), { headers: { origin: ui.origin } });
    await once(socket, 'open');
    socket.send(JSON.stringify({ command: 'hello', token: token() }));
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(data.toString())).toMatchObject({ event: 'state', state: { input: { isReady: false } } });
    socket.close();
    await once(socket, 'close');
  });

  it('turns a wrong token away, and commands before it', async () => {
    const own = { origin: ui.origin };
    expect(await outcome(own, { command: 'hello', token: 'x'.repeat(22) })).toBe(1008);
    expect(await outcome(own, { command: 'create', sessionType: 'temporary' })).toBe(1008);
  });

  it.each([
    ['no origin', {}],
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a name that was pointed here', { origin: 'http://evil.example', host: 'evil.example' }],
  ])('refuses an upgrade with %s', async (_what, headers) => {
    expect(await outcome(headers, {})).toBe(403);
  });

  it('serves its page with a strict policy, and to its own names alone', async () => {
    const page = await fetch(`${ui.origin}/`);
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await fetch(`${ui.origin}/`, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  });
});

describe('the window', () => {
  let screen: XScreen;
  let folder: string;
  let app: Command | undefined;

  beforeEach(async () => {
    screen = await startXScreen();
    folder = await mkdtemp(join(tmpdir(), 'proxim-window-'));
    // As another program may have left it.
    await chmod(folder, 0o755);
  });

  afterEach(async () => {
    await app?.stop('SIGKILL');
    await screen.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** The command lines of all processes, as anybody on this machine can read them. */
  const commandLines = async (): Promise<readonly string[]> => {
    const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''));
    return (await Promise.all(lines)).map((line) => line.replaceAll('\0', ' '));
  };

  it('opens in the installed browser, and its token stands in no process list', async () => {
    app = runProxim(['--json', '--port', '0', '--data-dir', folder], { env: { DISPLAY: screen.display } });
    const { ui } = await app.next(event('listening'));
    const token = new URL(String(ui)).hash.slice(1);
    await findWindow(screen.display, '--name', 'Proxim');
    const lines = await commandLines();
    const browser = lines.find((line) => line.includes(`--user-data-dir=${folder}`));
    expect(browser).toContain('--app=file:');
    expect(lines.some((line) => line.includes(token))).toBe(false);

    // The file that led the browser on is gone as soon as the window has shown its token.
    await expect.poll(async () => (await readdir(folder)).filter((name) => name.endsWith('.html'))).toEqual([]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});
