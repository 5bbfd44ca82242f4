import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { observeScreen, type XObserver } from '../apps/desktop/test/support/x-observer.js';
import { runOnScreen, startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { startWindowManager } from '../apps/desktop/test/support/x-terminal.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { Fingers, startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { makeTwoHosts, type TwoHosts } from './support/hosts.js';
import { type Proxim, startProxim } from './support/proxim.js';

/** What a phone may do is the computer's to say, and holds there, whatever the phone shows or sends. */
describe('what a phone may do', () => {
  let hosts: TwoHosts;
  let screen: XScreen;
  let manager: { stop(): Promise<void> };
  let observer: XObserver;
  let window: TestBrowser;
  let phone: TestBrowser;
  let proxim: Proxim;
  let fingers: Fingers;

  beforeAll(async () => {
    hosts = makeTwoHosts();
    screen = await startXScreen({ size: { width: 1280, height: 800 } });
    manager = await startWindowManager(screen.display);
    observer = await observeScreen(screen.display);
    window = await startWindowBrowser({ display: screen.display, namespace: hosts.desk.namespace });
    phone = await startPhone({ namespace: hosts.phone.namespace });
    proxim = startProxim({ args: [], display: screen.display, namespace: hosts.desk.namespace });
    const { ui } = await proxim.next('listening');
    const { link } = await proxim.next('session');
    await window.page.goto(String(ui));
    await phone.page.goto(String(link));
    await phone.page.getByRole('button', { name: texts.ready.ask }).click();
    await proxim.next('pair_prompt');
    await window.page.getByRole('switch', { name: 'Type and press keys' }).uncheck();
    await window.page.getByRole('button', { name: 'Approve' }).click();
    await phone.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
    fingers = await Fingers.on(phone);
  });

  afterAll(async () => {
    await phone.close();
    await window.close();
    await proxim.stop();
    await observer.close();
    await manager.stop();
    await screen.stop();
    hosts.remove();
  });

  /** Drags a finger over the pad, and says how far the pointer went. */
  const drag = async (): Promise<number> => {
    const before = await observer.pointer();
    await fingers.drag(
      [60, 90, 120, 150, 180].map((x) => ({ x, y: 300 })),
      16,
    );
    // What the phone sends afterwards arrives afterwards: the settings of the session have been through the same channel.
    await phone.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    await proxim.next('error', { code: await nonsense() });
    return (await observer.pointer()).x - before.x;
  };
  const nonsense = (): Promise<string> => {
    proxim.send({ command: 'close', sessionID: 'nonsense' });
    return Promise.resolve('session_not_found');
  };

  it('is chosen before it is let in: it may point, and not type, and says so', async () => {
    await phone.page.getByText(texts.connected.pointOnly).waitFor();
    await expect.poll(drag).toBeGreaterThan(20);
  });

  it('is changed at once', async () => {
    await window.page.getByRole('switch', { name: 'Move the pointer and click' }).uncheck();
    await window.page.getByRole('switch', { name: 'Type and press keys' }).check();
    await phone.page.getByText(texts.connected.typeOnly).waitFor();
    expect(await drag()).toBe(0);
    await window.page.getByRole('switch', { name: 'Move the pointer and click' }).check();
    await phone.page.getByText(texts.connected.typeOnly).waitFor({ state: 'detached' });
    await expect.poll(drag).toBeGreaterThan(20);
  });

  it('is nothing while it is paused, and all of it when it may go on', async () => {
    await window.page.getByRole('button', { name: 'Pause' }).click();
    await phone.page.getByText(texts.connected.problem('paused')).waitFor();
    await window.page.getByText('is paused').first().waitFor();
    expect(await drag()).toBe(0);
    await window.page.getByRole('button', { name: 'Resume' }).click();
    await phone.page.getByText(texts.connected.problem('paused')).waitFor({ state: 'detached' });
    await expect.poll(drag).toBeGreaterThan(20);
  });

  it('is nothing that it could grant itself: its own pointer on the switch does not switch it on', async () => {
    await window.page.getByRole('switch', { name: 'Type and press keys' }).uncheck();
    const typing = window.page.getByRole('switch', { name: 'Type and press keys' });
    const { x, y } = await window.page.evaluate(() => ({
      x: screenX + (outerWidth - innerWidth) / 2,
      y: screenY + outerHeight - innerHeight,
    }));
    const box = await typing.boundingBox();
    if (!box) throw new Error('the switch is not to be seen');
    const at = [x + box.x + box.width / 2, y + box.y + box.height / 2].map((value) => String(Math.round(value)));
    await runOnScreen(screen.display, 'xdotool', 'mousemove', ...at);
    await fingers.tap(200, 300);
    await window.page.getByText('A phone is pressing buttons or keys just now.').waitFor();
    expect(await typing.isChecked()).toBe(false);
    await phone.page.getByText(texts.connected.pointOnly).waitFor();
  });
});
