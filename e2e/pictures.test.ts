import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { startWindowManager } from '../apps/desktop/test/support/x-terminal.js';
import { startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { makeTwoHosts, type TwoHosts } from './support/hosts.js';
import { type Proxim, startProxim } from './support/proxim.js';

const folder = fileURLToPath(new URL('output/', import.meta.url));

/** Every screen on the way, as pictures to look at: e2e/output. Each is real, none is staged. */
describe.each(['light', 'dark'] as const)('the screens on the way, %s', (colorScheme) => {
  let hosts: TwoHosts;
  let screen: XScreen;
  let manager: { stop(): Promise<void> };
  let window: TestBrowser;
  let phone: TestBrowser;
  let proxim: Proxim;

  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    hosts = makeTwoHosts();
    screen = await startXScreen({ size: { width: 1280, height: 900 } });
    manager = await startWindowManager(screen.display);
    window = await startWindowBrowser({ display: screen.display, namespace: hosts.desk.namespace });
    await window.page.setViewportSize({ width: 440, height: 720 });
    await window.page.emulateMedia({ colorScheme });
    phone = await startPhone({ namespace: hosts.phone.namespace, colorScheme });
    proxim = startProxim({ args: [], display: screen.display, namespace: hosts.desk.namespace });
  });

  afterAll(async () => {
    await phone.close();
    await window.close();
    await proxim.stop();
    await manager.stop();
    await screen.stop();
    hosts.remove();
  });

  const picture = async (browser: TestBrowser, name: string): Promise<void> => {
    const taken = await browser.page.screenshot({ path: `${folder}${name}-${colorScheme}.png` });
    expect(taken.byteLength).toBeGreaterThan(2000);
    // Nothing on a phone is wider than the phone, nothing in the window wider than the window.
    expect(await browser.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  };

  it('draws them all without anything sticking out', async () => {
    const { ui } = await proxim.next('listening');
    const { link } = await proxim.next('session');
    await window.page.goto(String(ui));
    await window.page.getByRole('img', { name: 'QR code' }).waitFor();
    await picture(window, 'window-1-code');

    await phone.page.goto(new URL('/', String(link)).href);
    await phone.page.getByRole('button', { name: 'Open' }).waitFor();
    await picture(phone, 'phone-1-start');
    await phone.page.goto('about:blank');
    await phone.page.goto(String(link));
    await phone.page.getByRole('button', { name: 'Ask to connect' }).waitFor();
    await picture(phone, 'phone-2-ask');
    await phone.page.getByRole('button', { name: 'Ask to connect' }).click();
    await phone.page.getByText('Approve on the computer').waitFor();
    await picture(phone, 'phone-3-waiting');
    // For a moment after it appears the question takes no answer.
    await window.page.getByRole('button', { name: 'Approve', disabled: false }).waitFor();
    await picture(window, 'window-2-request');
    await window.page.getByRole('button', { name: 'Reject', exact: true }).click();
    await phone.page.getByText('The request was turned down').waitFor();
    await picture(phone, 'phone-4-rejected');

    await phone.page.getByRole('button', { name: 'Ask again' }).click();
    await window.page.getByRole('button', { name: 'Approve' }).click();
    await phone.page.getByRole('application', { name: 'Touchpad' }).waitFor();
    await window.page.getByRole('button', { name: 'End session' }).waitFor();
    await picture(phone, 'phone-5-touchpad');
    await picture(window, 'window-3-connected');
    await phone.page.getByRole('button', { name: 'Keyboard' }).click();
    await phone.page.getByRole('textbox', { name: 'Type on the computer' }).waitFor();
    await picture(phone, 'phone-6-keyboard');
    await phone.page.getByRole('button', { name: 'Keyboard' }).click();
    await phone.page.getByRole('button', { name: 'Settings' }).click();
    await phone.page.getByRole('button', { name: 'Disconnect' }).waitFor();
    await picture(phone, 'phone-7-settings');
    await phone.page.getByRole('button', { name: 'Done' }).click();
    await phone.page.getByRole('button', { name: 'Tools' }).click();
    await phone.page.getByRole('button', { name: 'Copy to the computer' }).waitFor();
    await picture(phone, 'phone-7-tools');
    await phone.page.getByRole('button', { name: 'Done' }).click();
    await phone.page.getByRole('button', { name: 'Settings' }).click();
    await window.page.getByText('What happened').click();
    await picture(window, 'window-4-happened');
    await phone.page.getByRole('button', { name: 'Disconnect' }).click();
    await phone.page.getByText('Disconnected').waitFor();
    await picture(phone, 'phone-8-disconnected');

    // A session that lasts: kept on both sides.
    proxim.send({ command: 'create', sessionType: 'persistent' });
    const lasting = await proxim.next('session', { sessionType: 'persistent' });
    await phone.page.goto('about:blank');
    await phone.page.goto(String(lasting['link']));
    await phone.page.getByRole('button', { name: 'Ask to connect' }).click();
    await window.page.getByRole('button', { name: 'Approve', disabled: false }).waitFor();
    await picture(window, 'window-5-request-that-lasts');
    await window.page.getByRole('button', { name: 'Approve' }).click();
    await phone.page.getByText('Keep this computer on this phone?').waitFor();
    await picture(phone, 'phone-9-keep');
    await phone.page.getByRole('button', { name: 'Keep', exact: true }).click();
    await window.page.getByRole('button', { name: 'End and remove' }).waitFor();
    await window.page.getByText('Phones').click();
    await picture(window, 'window-6-phones');
    const tomorrow = await phone.context.newPage();
    await tomorrow.goto(new URL('/', String(link)).href);
    await tomorrow.getByText('My computers').waitFor();
    await picture({ ...phone, page: tomorrow }, 'phone-10-my-computers');
    await tomorrow.getByRole('button', { name: /Last used/ }).click();
    await tomorrow.getByText('another tab').waitFor();
    await picture({ ...phone, page: tomorrow }, 'phone-11-another-tab');
    await tomorrow.close();
    await proxim.stop();
    await phone.page.getByText('Coming back').waitFor();
    await picture(phone, 'phone-12-coming-back');
  });
});
