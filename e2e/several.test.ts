import { execFileSync } from 'node:child_process';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { observeScreen } from '../apps/desktop/test/support/x-observer.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { Fingers, startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { makeTwoHosts, type TwoHosts } from './support/hosts.js';
import { type Proxim, startProxim } from './support/proxim.js';

/** Two of each: what happens then is decided, and not left to chance. */
describe('two phones, two tabs, two desktops, two addresses', () => {
  let hosts: TwoHosts;
  let screen: XScreen;
  let phone: TestBrowser;
  const running: Proxim[] = [];

  beforeAll(async () => {
    hosts = makeTwoHosts();
    screen = await startXScreen({ size: { width: 1280, height: 800 } });
    phone = await startPhone({ namespace: hosts.phone.namespace });
  });

  afterEach(async () => {
    const [first, ...others] = phone.context.pages();
    for (const page of others) await page.close();
    await first?.goto('about:blank');
    for (const proxim of running.splice(0)) await proxim.stop();
  });

  afterAll(async () => {
    await phone.close();
    await screen.stop();
    hosts.remove();
  });

  const start = async (args: readonly string[] = [], display = screen.display) => {
    const proxim = startProxim({ args, display, namespace: hosts.desk.namespace });
    running.push(proxim);
    const { ui } = await proxim.next('listening');
    const { link, sessionID } = await proxim.next('session');
    return { proxim, ui: String(ui), link: String(link), sessionID: String(sessionID) };
  };

  /** Opens a link in this tab and is let in. */
  const connect = async (page: TestBrowser['page'], proxim: Proxim, link: string): Promise<void> => {
    await page.goto(link);
    await page.getByRole('button', { name: texts.ready.ask }).click();
    const { sessionID } = await proxim.next('pair_prompt');
    proxim.send({ command: 'approve', sessionID });
    await isConnected(page);
  };

  const isConnected = (page: TestBrowser['page']): Promise<void> =>
    page.getByLabel(texts.connected.connected, { exact: true }).waitFor();

  const noPrompt = async (proxim: Proxim): Promise<void> => {
    proxim.send({ command: 'close', sessionID: 'nonsense' });
    await proxim.next('error', { code: 'session_not_found' });
    expect(proxim.seen().map(({ event }) => event)).not.toContain('pair_prompt');
  };

  it('two phones, each with a code of its own, control one computer; one that ends leaves the other alone', async () => {
    const { proxim, link, sessionID } = await start();
    const second = await startPhone({ namespace: hosts.phone.namespace });
    const observer = await observeScreen(screen.display);
    try {
      await connect(phone.page, proxim, link);
      proxim.send({ command: 'create', sessionType: 'one_time' });
      const other = await proxim.next('session');
      await connect(second.page, proxim, String(other['link']));
      for (const browser of [phone, second]) {
        const before = await observer.pointer();
        const fingers = await Fingers.on(browser);
        await fingers.drag(
          [60, 90, 120, 150, 180].map((x) => ({ x, y: 300 })),
          16,
        );
        await expect.poll(async () => (await observer.pointer()).x).toBeGreaterThan(before.x + 20);
      }
      proxim.send({ command: 'close', sessionID: other['sessionID'] });
      await second.page.getByText(texts.ends.closed_by_desktop.title).waitFor();
      await proxim.next('session_closed', { sessionID: other['sessionID'] });
      await isConnected(phone.page);
      expect(proxim.seen()).not.toContainEqual(expect.objectContaining({ event: 'session_closed', sessionID }));
    } finally {
      await observer.close();
      await second.close();
    }
  });

  it.each(['temporary', 'one_time'])(
    '[CB19] a second tab of the same phone takes a %s session over without a second question, and the first one says so',
    async (sessionType) => {
      const { proxim, link } = await start(['--session-type', sessionType]);
      await connect(phone.page, proxim, link);
      const tab = await phone.context.newPage();
      await tab.goto(link);
      await tab.getByText(texts.otherTab.title).waitFor();
      await tab.getByRole('button', { name: texts.ended.useThisTab }).click();
      await isConnected(tab);
      await phone.page.getByText(texts.ends.replaced.title).waitFor();
      await noPrompt(proxim);
      expect(proxim.seen().map(({ event }) => event)).not.toContain('session_closed');
      // And back again.
      await phone.page.getByRole('button', { name: texts.ended.useThisTab }).click();
      await isConnected(phone.page);
      await tab.getByText(texts.ends.replaced.title).waitFor();
      await noPrompt(proxim);
    },
  );

  it('two desktops on one machine: each has its own port, its own phone and its own screen', async () => {
    const otherScreen = await startXScreen({ size: { width: 800, height: 600 } });
    const observers = [await observeScreen(screen.display), await observeScreen(otherScreen.display)];
    try {
      const desktops = [await start(), await start([], otherScreen.display)];
      expect(new Set(desktops.map(({ link }) => new URL(link).port)).size).toBe(2);
      for (const [index, { proxim, link }] of desktops.entries()) {
        const page = index === 0 ? phone.page : await phone.context.newPage();
        await connect(page, proxim, link);
        const before = await Promise.all(observers.map((observer) => observer.pointer()));
        const fingers = await Fingers.on({ context: phone.context, page });
        await fingers.drag(
          [60, 90, 120, 150, 180].map((x) => ({ x, y: 300 })),
          16,
        );
        await expect
          .poll(async () => (await observers[index]?.pointer())?.x)
          .toBeGreaterThan((before[index]?.x ?? 0) + 20);
        expect((await observers[1 - index]?.pointer())?.x).toBe(before[1 - index]?.x);
      }
    } finally {
      for (const observer of observers) await observer.close();
      for (const proxim of running.splice(0)) await proxim.stop();
      await otherScreen.stop();
    }
  });

  it('[LK1] a network that changes: the code is drawn anew with the address of now, in the window as well', async () => {
    const { proxim, ui, link, sessionID } = await start();
    expect(new URL(link).hostname).toBe(hosts.desk.address);
    const window = await startWindowBrowser({ display: screen.display, namespace: hosts.desk.namespace });
    const address = (...args: readonly string[]) =>
      execFileSync('ip', ['-n', hosts.desk.namespace, 'address', ...args, 'dev', 'lan0']);
    try {
      await window.page.goto(ui);
      const shown = () => window.page.getByLabel('Address in the code').inputValue();
      await expect.poll(shown).toBe(hosts.desk.address);
      address('del', `${hosts.desk.address}/24`);
      address('add', '10.97.0.77/24');
      const next = await proxim.next('session', { sessionID });
      // Between the two there was none at all.
      const now = String(next['link']).includes('10.97.0.77') ? next : await proxim.next('session', { sessionID });
      expect(new URL(String(now['link'])).hostname).toBe('10.97.0.77');
      await expect.poll(shown).toBe('10.97.0.77');
      await connect(phone.page, proxim, String(now['link']));
    } finally {
      await window.close();
      address('flush');
      address('add', `${hosts.desk.address}/24`);
      execFileSync('ip', ['-n', hosts.desk.namespace, 'route', 'replace', 'default', 'dev', 'lan0']);
    }
  });
});
