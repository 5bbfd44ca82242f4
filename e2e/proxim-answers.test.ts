import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { startWindowManager } from '../apps/desktop/test/support/x-terminal.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { makeTwoHosts, type TwoHosts } from './support/hosts.js';
import { type Proxim, startProxim } from './support/proxim.js';

/** A phone in the same network as the desk: plain http at an address that is no loopback, as most phones have it. */
describe('what both screens say', () => {
  let hosts: TwoHosts;
  let screen: XScreen;
  let manager: { stop(): Promise<void> };
  let window: TestBrowser;
  let phone: TestBrowser;
  let proxim: Proxim | undefined;

  beforeAll(async () => {
    hosts = makeTwoHosts();
    screen = await startXScreen({ size: { width: 1280, height: 800 } });
    manager = await startWindowManager(screen.display);
    window = await startWindowBrowser({ display: screen.display, namespace: hosts.desk.namespace });
    phone = await startPhone({ namespace: hosts.phone.namespace });
  });

  afterEach(async () => {
    await phone.page.goto('about:blank');
    await window.page.goto('about:blank');
    await proxim?.stop();
    proxim = undefined;
  });

  afterAll(async () => {
    await phone.close();
    await window.close();
    await manager.stop();
    await screen.stop();
    hosts.remove();
  });

  /** Starts the app, opens its window, opens the code's link on the phone. */
  const begin = async (...args: readonly string[]): Promise<{ link: string; proxim: Proxim }> => {
    const started = startProxim({ args, display: screen.display, namespace: hosts.desk.namespace });
    proxim = started;
    const { ui } = await started.next('listening');
    const { link } = await started.next('session');
    await window.page.goto(String(ui));
    await phone.page.goto(String(link));
    return { link: String(link), proxim: started };
  };

  const ask = (): Promise<void> => phone.page.getByRole('button', { name: 'Ask to connect' }).click();
  const approve = (): Promise<void> => window.page.getByRole('button', { name: 'Approve' }).click();
  const touchpad = () => phone.page.getByRole('application', { name: 'Touchpad' });

  it('[LK6] works on a page that is no secure context, and takes the secret out of the address bar', async () => {
    const { link, proxim } = await begin();
    expect(link.startsWith(`http://${hosts.desk.address}:`)).toBe(true);
    expect(await phone.page.evaluate(() => isSecureContext)).toBe(false);
    expect(new URL(phone.page.url()).hash).toBe('');
    await ask();
    await approve();
    await proxim.next('peer', { state: 'connected' });
    await touchpad().waitFor();
  });

  it('is asked and rejected: the phone says so, and may ask again', async () => {
    const { proxim } = await begin();
    await ask();
    await window.page.getByRole('button', { name: 'Reject', exact: true }).click();
    await phone.page.getByText(texts.ends.rejected_by_user.title).waitFor();
    await phone.page.getByRole('button', { name: texts.ended.askAgain }).click();
    await proxim.next('pair_prompt');
    await proxim.next('pair_prompt');
    await window.page.getByRole('button', { name: 'Approve' }).waitFor();
  });

  it('is asked and not answered in time: the prompt goes, the phone says so', async () => {
    const { proxim } = await begin('--pairing-timeout-seconds', '2');
    await ask();
    await window.page.getByRole('button', { name: 'Approve' }).waitFor();
    expect(await proxim.next('pair_cancel')).toMatchObject({ reason: 'timeout' });
    await window.page.getByRole('img', { name: 'QR code' }).waitFor();
    await phone.page.getByText(texts.ends.timeout.title).waitFor();
  });

  it('expires while connected: the direct connection ends, and both say so', async () => {
    const { proxim } = await begin('--ttl', '6');
    await ask();
    await approve();
    await proxim.next('peer', { state: 'connected' });
    await touchpad().waitFor();
    expect(await proxim.next('session_closed')).toMatchObject({ reason: 'expired' });
    await phone.page.getByText(texts.ends.expired.title).waitFor();
    expect(await touchpad().count()).toBe(0);
  });

  it('tells a second phone that the code is taken', async () => {
    const { link, proxim } = await begin();
    await ask();
    await approve();
    await proxim.next('peer', { state: 'connected' });
    const second = await startPhone({ namespace: hosts.phone.namespace });
    try {
      await second.page.goto(link);
      await second.page.getByRole('button', { name: 'Ask to connect' }).click();
      await second.page.getByText(texts.ends.session_busy.title).waitFor();
    } finally {
      await second.close();
    }
  });

  it('comes back by itself after a reload, without a second question', async () => {
    const { proxim } = await begin();
    await ask();
    await proxim.next('pair_prompt');
    await approve();
    await proxim.next('peer', { state: 'connected' });
    await touchpad().waitFor();
    await phone.page.reload();
    await touchpad().waitFor();
    await phone.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
    // Whatever it said until now, a second question was not among it.
    proxim.send({ command: 'close', sessionID: 'nonsense' });
    await proxim.next('error', { code: 'session_not_found' });
    expect(proxim.seen().map(({ event }) => event)).not.toContain('pair_prompt');
  });

  it('[MS7] shows a device’s name as the text that it is', async () => {
    await begin();
    const name = '<img src=x onerror=alert(1)>';
    await phone.page.getByRole('textbox', { name: texts.ready.deviceNameLabel }).fill(name);
    await ask();
    await window.page.getByRole('alertdialog').getByText(name).first().waitFor();
    expect(await window.page.locator('img[src="x"]').count()).toBe(0);
    // The next test’s phone has a name of its own again.
    await phone.page.evaluate(() => {
      localStorage.clear();
    });
  });

  it('[LK8] keeps nothing of a session beyond the tab', async () => {
    const { link, proxim } = await begin();
    const secret = /k=([\w-]+)/.exec(link)?.[1] ?? '';
    expect(secret).toHaveLength(22);
    await ask();
    await approve();
    await proxim.next('peer', { state: 'connected' });
    await touchpad().waitFor();
    const kept = await phone.page.evaluate(() => ({
      beyond: JSON.stringify(Object.entries(localStorage)) + document.cookie,
      inTab: JSON.stringify(Object.entries(sessionStorage)),
    }));
    expect(kept.beyond).not.toContain(secret);
    expect(kept.beyond).not.toContain(String(new URLSearchParams(new URL(link).hash.slice(1)).get('s')));
    expect(kept.inTab).toContain(secret);
  });

  it('[LK9] opens a link of another computer at that computer’s own page', async () => {
    await begin();
    const other = startProxim({ args: [], display: screen.display, namespace: hosts.desk.namespace });
    try {
      const { link } = await other.next('session');
      await phone.page.goto(new URL('/', phone.page.url()).href);
      await phone.page.evaluate(() => {
        sessionStorage.clear();
      });
      await phone.page.reload();
      await phone.page.getByRole('textbox').fill(String(link));
      await phone.page.getByRole('button', { name: texts.start.open }).click();
      await phone.page.getByRole('button', { name: texts.ready.ask }).waitFor();
      expect(new URL(phone.page.url()).origin).toBe(new URL(String(link)).origin);
      await ask();
      await other.next('pair_prompt', { verified: true });
    } finally {
      await other.stop();
    }
  });

  it('loads no more than the first screen’s script before there is a link', async () => {
    const { link } = await begin();
    const scripts: string[] = [];
    const fresh = await startPhone({ namespace: hosts.phone.namespace });
    try {
      fresh.page.on('response', (response) => {
        if (response.url().endsWith('.js')) scripts.push(response.url());
      });
      await fresh.page.goto(new URL('/', link).href, { waitUntil: 'networkidle' });
      await fresh.page.getByRole('button', { name: texts.start.open }).waitFor();
      // The page's own script and what it imports before it runs.
      const names = scripts.map((url) => new URL(url).pathname.replace(/^\/assets\/(\w+)-.*$/, '$1'));
      expect(names.sort()).toEqual(['index', 'jsxRuntime']);
    } finally {
      await fresh.close();
    }
  });

  it('leaves when the phone leaves, and ends with status 0 at a signal', async () => {
    const { proxim: started } = await begin();
    await ask();
    await approve();
    await started.next('peer', { state: 'connected' });
    expect(await started.stop()).toBe(0);
    await phone.page.getByText(texts.ends.closed_by_desktop.title).waitFor();
  });
});
