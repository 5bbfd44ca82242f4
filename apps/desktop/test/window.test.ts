import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { openSeedClient } from '../../../conformance/src/seed-client.js';
import { startWindowBrowser, type TestBrowser } from '../../../e2e/support/browsers.js';
import { texts } from '../src/window/texts/en.js';
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

describe('two windows of one app', () => {
  let screen: XScreen;
  let browser: TestBrowser;
  let app: Command;

  beforeEach(async () => {
    screen = await startXScreen();
    app = runProxim(['--json', '--no-open', '--port', '0', '--session-type', 'persistent']);
    browser = await startWindowBrowser({ display: screen.display });
  });

  afterEach(async () => {
    await browser.close();
    await app.stop('SIGKILL');
    await screen.stop();
  });

  const open = async () => {
    const { ui, url } = await app.next(event('listening'));
    const { sessionID } = await app.next(event('session'));
    const pages = [browser.page, await browser.context.newPage()] as const;
    const heard: string[] = [];
    for (const page of pages) {
      page.on('websocket', (socket) => {
        socket.on('framereceived', ({ payload }) => heard.push(payload.toString()));
      });
      await page.goto(String(ui));
      await page.getByRole('img', { name: texts.code.qr }).waitFor();
    }
    const phone = await openSeedClient(String(url));
    phone.requestPairing(String(sessionID));
    for (const page of pages) await page.getByRole('alertdialog').waitFor();
    return { pages, phone, heard };
  };

  it('answer a question once, and neither says that anything went wrong', async () => {
    const { pages, phone, heard } = await open();
    const [first, second] = pages;
    const answer = { name: texts.request.reject, exact: true, disabled: false } as const;
    const late = await second.getByRole('button', answer).elementHandle();
    await first.getByRole('button', answer).click();
    expect(await phone.receive('pair_result')).toMatchObject({ status: 'rejected' });
    for (const page of pages) await page.getByRole('img', { name: texts.code.qr }).waitFor();

    // A click that was on its way when the other window answered.
    await late.evaluate((button) => (button as HTMLElement).click());
    await expect.poll(() => heard.some((frame) => frame.includes('not_paired'))).toBe(true);
    await second.evaluate(() => new Promise(requestAnimationFrame));
    for (const page of pages) expect(await page.getByRole('alert').count()).toBe(0);
    await phone.close();
  });

  it('both show what one of them did with a phone', async () => {
    const { pages, phone } = await open();
    const [first, second] = pages;
    await first.getByText(texts.request.stays.persistent).waitFor();
    await first.getByRole('button', { name: texts.request.approveAnyway, disabled: false }).click();
    for (const page of pages) await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    const list = { hasText: texts.phones.title };
    for (const page of pages) await page.locator('summary', list).click();

    // Esc gives up the name, and is none of the three that end the session.
    await first.getByRole('button', { name: texts.phones.rename('Galaxy S23') }).click();
    const field = first.getByRole('textbox', { name: texts.phones.nameField('Galaxy S23') });
    await field.fill('Nothing');
    await field.press('Escape');
    await field.waitFor({ state: 'detached' });
    const rename = first.getByRole('button', { name: texts.phones.rename('Galaxy S23') });
    expect(await rename.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await first.getByText(texts.control.escape[1]).count()).toBe(0);

    await rename.click();
    await field.fill('Kitchen phone');
    await field.press('Enter');
    for (const page of pages) await page.getByRole('button', { name: texts.phones.rename('Kitchen phone') }).waitFor();

    await second.getByRole('button', { name: texts.phones.remove('Kitchen phone') }).click();
    const keep = second.getByRole('button', { name: texts.phones.keep });
    expect(await keep.evaluate((button) => button === document.activeElement)).toBe(true);
    await second.getByRole('button', { name: texts.phones.confirmed, exact: true }).click();
    for (const page of pages) {
      await page.locator('summary', list).waitFor({ state: 'detached' });
      await page.getByRole('heading', { name: texts.code.standings.none.title() }).waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    }
    await phone.close();
  });
});
