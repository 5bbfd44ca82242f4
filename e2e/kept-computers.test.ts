import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { makeTwoHosts, type TwoHosts } from './support/hosts.js';
import { type Proxim, startProxim } from './support/proxim.js';

/** A phone and a computer that know each other: for longer than a page is open, or a program runs. */
describe('a computer that is kept on the phone', () => {
  let hosts: TwoHosts;
  let screen: XScreen;
  let phone: TestBrowser;
  let dataDir: string;
  let proxim: Proxim | undefined;

  beforeAll(async () => {
    hosts = makeTwoHosts();
    screen = await startXScreen({ size: { width: 1280, height: 800 } });
  });

  afterEach(async () => {
    await phone.close();
    await proxim?.stop();
    proxim = undefined;
    await rm(dataDir, { recursive: true, force: true });
  });

  afterAll(async () => {
    await screen.stop();
    hosts.remove();
  });

  const start = async (...args: readonly string[]) => {
    const started = startProxim({
      args: ['--session-type', 'persistent', '--data-dir', dataDir, ...args],
      display: screen.display,
      namespace: hosts.desk.namespace,
    });
    proxim = started;
    const { port, ui } = await started.next('listening');
    const { link } = await started.next('session');
    return { proxim: started, port: String(port), ui: String(ui), link: String(link) };
  };

  const isConnected = (): Promise<void> => phone.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
  const button = (name: string) => phone.page.getByRole('button', { name, exact: true });
  const stored = (): Promise<string> => phone.page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  const noPrompt = (of: Proxim): void => {
    expect(of.seen().map(({ event }) => event)).not.toContain('pair_prompt');
  };

  /** Connected in a session that lasts, and kept by the user's choice. */
  const kept = async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'proxim-data-'));
    phone = await startPhone({ namespace: hosts.phone.namespace });
    const started = await start();
    await phone.page.goto(started.link);
    await button(texts.ready.ask).click();
    const { sessionID } = await started.proxim.next('pair_prompt');
    started.proxim.send({ command: 'approve', sessionID });
    await isConnected();
    // [LK8] Until the user has chosen, nothing of the session is there beyond the tab.
    await phone.page.getByText(texts.keep.question).waitFor();
    expect(await stored()).not.toContain(String(sessionID));
    await button(texts.keep.keep).click();
    await expect.poll(stored).toContain(String(sessionID));
    return { ...started, sessionID: String(sessionID) };
  };

  it('[RM2] [RM6] [RM7] [LK8] comes back by itself when Proxim is opened again, and with one tap in a page of tomorrow', async () => {
    const { proxim: first, port, sessionID, link } = await kept();
    expect(await first.stop()).toBe(0);
    await phone.page.getByText(texts.reconnecting.title).waitFor();
    const { proxim: second } = await start('--port', port);
    await second.next('peer', { sessionID, state: 'connected' });
    await isConnected();
    noPrompt(second);

    // The tab is closed; the page is opened again from a bookmark, without a link.
    const tomorrow = await phone.context.newPage();
    await phone.page.close();
    await tomorrow.goto(new URL('/', link).href);
    await tomorrow.getByText(texts.myComputers.title).waitFor();
    await tomorrow.getByRole('button', { name: /Last used/ }).click();
    await tomorrow.getByLabel(texts.connected.connected, { exact: true }).waitFor();
    noPrompt(second);
  });

  it('[RM3] is dropped when the computer’s user removes the phone in the window, at once', async () => {
    const { proxim: running, ui, sessionID } = await kept();
    const window = await startWindowBrowser({ display: screen.display, namespace: hosts.desk.namespace });
    try {
      await window.page.goto(ui);
      await window.page.getByRole('button', { name: 'End and remove' }).click();
      await running.next('session_closed', { sessionID, reason: 'closed_by_desktop' });
      await phone.page.getByText(texts.removedByComputer.title).waitFor();
      expect(await stored()).not.toContain(sessionID);
    } finally {
      await window.close();
    }
  });

  it('[RM3] that removed this phone meanwhile says so, with a way on', async () => {
    const { proxim: running, link, sessionID } = await kept();
    const tomorrow = await phone.context.newPage();
    await phone.page.close();
    running.send({ command: 'close', sessionID });
    await running.next('session_closed', { sessionID });
    await tomorrow.goto(new URL('/', link).href);
    await tomorrow.getByRole('button', { name: /Last used/ }).click();
    await tomorrow.getByText(texts.lastingEnds.session_not_found.title).waitFor();
    await tomorrow.getByRole('button', { name: texts.ended.remove }).click();
    await tomorrow.getByRole('button', { name: texts.myComputers.undo }).waitFor();
    expect(await tomorrow.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toContain(sessionID);
  });
});
