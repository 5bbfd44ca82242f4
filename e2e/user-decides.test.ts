import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runOnScreen, startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';

import { startTerminal, startWindowManager } from '../apps/desktop/test/support/x-terminal.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { ends } from '../apps/mobile/src/texts/en-ends.js';
import { startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { makeTwoHosts, type TwoHosts } from './support/hosts.js';
import { type Proxim, startProxim } from './support/proxim.js';

/** What the user of the computer can do against a phone, from the window, by keys, and by a script. */
describe('the user at the computer', () => {
  let hosts: TwoHosts;
  let screen: XScreen;
  let manager: { stop(): Promise<void> };
  let window: TestBrowser;
  let nagging: TestBrowser;
  let welcome: TestBrowser;
  let proxim: Proxim;
  let link: string;
  let sessionID: string;

  beforeAll(async () => {
    hosts = makeTwoHosts();
    screen = await startXScreen({ size: { width: 1280, height: 800 } });
    manager = await startWindowManager(screen.display);
    window = await startWindowBrowser({ display: screen.display, namespace: hosts.desk.namespace });
    nagging = await startPhone({ namespace: hosts.phone.namespace });
    welcome = await startPhone({ namespace: hosts.phone.namespace });
    await welcome.page.addInitScript(() => {
      localStorage.setItem('proxim.deviceName', 'Galaxy S23');
    });
    proxim = startProxim({ args: [], display: screen.display, namespace: hosts.desk.namespace });
    const { ui } = await proxim.next('listening');
    const session = await proxim.next('session');
    link = String(session['link']);
    sessionID = String(session['sessionID']);
    await window.page.goto(String(ui));
  });

  afterAll(async () => {
    await welcome.close();
    await nagging.close();
    await window.close();
    await proxim.stop();
    await manager.stop();
    await screen.stop();
    hosts.remove();
  });

  const ask = async ({ page }: TestBrowser): Promise<void> => {
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('button', { name: texts.ready.ask }).click();
  };

  it('[AU22] blocks a phone with one click, and is not asked about it again, though it asks again and again', async () => {
    await ask(nagging);
    await proxim.next('pair_prompt');
    await window.page.getByRole('button', { name: 'Reject and do not ask again' }).click();
    await nagging.page.getByText(ends.blocked.title).waitFor();
    for (let count = 0; count < 2; count += 1) {
      await ask(nagging);
      await nagging.page.getByText(ends.blocked.title).waitFor();
    }
    proxim.send({ command: 'close', sessionID: 'nonsense' });
    await proxim.next('error', { code: 'session_not_found' });
    expect(proxim.seen()).toEqual([]);
    await window.page.getByText('What happened').click();
    await window.page.getByRole('list', { name: 'What happened' }).getByText('was blocked').waitFor();
  });

  it('still lets another phone in with the same code', async () => {
    await ask(welcome);
    await proxim.next('pair_prompt');
    await window.page.getByRole('button', { name: 'Approve' }).click();
    await welcome.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
    await proxim.next('peer', { state: 'connected' });
  });

  it('says by a script what it may do, and every window knows', async () => {
    proxim.send({ command: 'set_rights', sessionID, rights: { point: true } });
    expect(await proxim.next('rights')).toMatchObject({
      sessionID,
      rights: { view: false, point: true, type: false, clipboard: false, system: false },
      paused: false,
    });
    await welcome.page.getByText(texts.connected.pointOnly).waitFor();
    await window.page.getByRole('switch', { name: 'Type and press keys', checked: false }).waitFor();
    proxim.send({ command: 'pause', sessionID });
    expect(await proxim.next('rights')).toMatchObject({ paused: true });
    await welcome.page.getByText(texts.connected.problem('paused')).waitFor();
    proxim.send({ command: 'resume', sessionID });
    expect(await proxim.next('rights')).toMatchObject({ paused: false });
    await welcome.page.getByText(texts.connected.problem('paused')).waitFor({ state: 'detached' });
    proxim.send({ command: 'set_rights', sessionID, rights: { fly: true } });
    await proxim.next('error', { code: 'bad_command' });
  });

  it('ends it all by keys while another program has the focus, and the window says how', async () => {
    await window.page.getByText('Ctrl+Alt+End ends it from anywhere.').waitFor();
    const terminal = await startTerminal(screen.display);
    await runOnScreen(screen.display, 'xdotool', 'key', 'ctrl+alt+End');
    expect(await proxim.next('session_closed')).toMatchObject({ sessionID, reason: 'closed_by_desktop' });
    await welcome.page.getByText(ends.closed_by_desktop.title).waitFor();
    await terminal.close();
  });
});
