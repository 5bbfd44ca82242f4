import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type StandInLogind, startStandInLogind } from '../apps/desktop/test/support/stand-in-logind.js';
import { startSystemBus, type SystemBus } from '../apps/desktop/test/support/system-bus.js';
import { startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { startWindowManager } from '../apps/desktop/test/support/x-terminal.js';
import { texts as windowTexts } from '../apps/desktop/src/window/texts/en.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { toolTexts } from '../apps/mobile/src/texts/en-tools.js';
import { startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { makeTwoHosts, type TwoHosts } from './support/hosts.js';
import { type Proxim, startProxim } from './support/proxim.js';

const folder = fileURLToPath(new URL('output/', import.meta.url));
const says = toolTexts.system;

/** From a real phone's page to a real D-Bus, at whose other end a stand-in for logind writes down what it is told. */
describe.each(['light', 'dark'] as const)('a computer that a phone locks, puts to sleep and restarts, %s', (theme) => {
  let home: string;
  let bus: SystemBus;
  let logind: StandInLogind;
  let hosts: TwoHosts;
  let screen: XScreen;
  let manager: { stop(): Promise<void> };
  let window: TestBrowser;
  let phone: TestBrowser;
  let proxim: Proxim;
  let computer: string;

  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    home = await mkdtemp(join(tmpdir(), 'proxim-system-'));
    bus = await startSystemBus(home);
    logind = await startStandInLogind(bus.address);
    hosts = makeTwoHosts();
    screen = await startXScreen({ size: { width: 1280, height: 900 } });
    manager = await startWindowManager(screen.display);
    window = await startWindowBrowser({ display: screen.display, namespace: hosts.desk.namespace });
    await window.page.setViewportSize({ width: 440, height: 720 });
    await window.page.emulateMedia({ colorScheme: theme });
    phone = await startPhone({ namespace: hosts.phone.namespace, colorScheme: theme });
    proxim = startProxim({
      args: [],
      display: screen.display,
      namespace: hosts.desk.namespace,
      env: { DBUS_SYSTEM_BUS_ADDRESS: bus.address },
    });
    const { ui } = await proxim.next('listening');
    const { link } = await proxim.next('session');
    await window.page.goto(String(ui));
    await phone.page.goto(String(link));
    await phone.page.getByRole('button', { name: texts.ready.ask }).click();
    const request = window.page.getByRole('alertdialog');
    await request.getByRole('switch', { name: windowTexts.request.abilities.system }).waitFor();
    await window.page.getByRole('button', { name: windowTexts.request.approve }).click();
    await phone.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
    computer = await phone.page.getByRole('heading', { level: 1 }).innerText();
  });

  afterAll(async () => {
    await phone.close();
    await window.close();
    await proxim.stop();
    await manager.stop();
    await screen.stop();
    hosts.remove();
    logind.stop();
    await bus.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  const picture = async (browser: TestBrowser, name: string): Promise<void> => {
    const taken = await browser.page.screenshot({ path: `${folder}system-${name}-${theme}.png` });
    expect(taken.byteLength).toBeGreaterThan(2000);
    expect(await browser.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  };
  const tap = (name: string) => phone.page.getByRole('button', { name, exact: true }).click();
  /** The button of the window's question, when it takes an answer. */
  const answer = (name: string) =>
    window.page.getByRole('alertdialog').getByRole('button', { name, exact: true, disabled: false });

  /** Chooses a command and says yes to the phone's own question. */
  const order = async (action: keyof typeof says.names, shown: string): Promise<void> => {
    await tap(says.names[action]);
    const question = phone.page.getByRole('alertdialog', { name: says.confirm[action].title(computer) });
    await question.waitFor();
    await picture(phone, shown);
    expect(logind.orders).toEqual([]);
    await question.getByRole('button', { name: says.confirm[action].confirm }).click();
  };

  it('locks when that was confirmed, and says so', async () => {
    await tap(texts.connected.tools);
    await phone.page.getByRole('button', { name: says.names.shut_down }).waitFor();
    await picture(phone, 'phone-1-tools');
    await phone.page.setViewportSize({ width: 320, height: 568 });
    await picture(phone, 'phone-1-tools-small');
    await tap(says.names.lock);
    await phone.page.getByRole('alertdialog').getByRole('button', { name: says.cancel }).click();
    await phone.page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await order('lock', 'phone-2-lock-small');
    await phone.page.setViewportSize({ width: 390, height: 844 });
    expect(await logind.next()).toBe('Lock');
    await phone.page.getByText(says.done.lock(computer)).waitFor();
    await picture(phone, 'phone-3-locked');
  });

  it('asks on the computer as well before it restarts', async () => {
    await order('restart', 'phone-4-restart');
    await phone.page.getByText(says.asked.title(computer)).waitFor();
    await picture(phone, 'phone-5-asked');
    await phone.page.setViewportSize({ width: 320, height: 568 });
    await picture(phone, 'phone-5-asked-small');
    await phone.page.setViewportSize({ width: 390, height: 844 });
    await answer(windowTexts.system.allow.restart).waitFor();
    await picture(window, 'window-restart');
    expect(logind.orders).toEqual([]);
    await answer(windowTexts.system.allow.restart).click();
    expect(await logind.next()).toBe('Reboot false');
    await phone.page.getByText(says.done.restart(computer)).waitFor();
  });

  it('says what came of it when somebody there refuses', async () => {
    await order('shut_down', 'phone-6-shut-down');
    await answer(windowTexts.system.deny).waitFor();
    await picture(window, 'window-shut-down');
    await answer(windowTexts.system.deny).click();
    await phone.page.getByText(says.refused.rejected_by_user()).waitFor();
    await picture(phone, 'phone-7-refused');
    expect(logind.orders).toEqual([]);
    await window.page.getByText(windowTexts.log.title).click();
    await window.page.getByRole('list').getByText('was refused a shutdown: by you').waitFor();
    await picture(window, 'window-log');
  });

  it('is withdrawn at once by the switch in the window', async () => {
    await window.page.getByRole('switch', { name: windowTexts.request.abilities.system }).uncheck();
    await phone.page.getByText(says.notAllowed(computer)).waitFor();
    await picture(phone, 'phone-8-not-allowed');
    expect(await phone.page.getByRole('button', { name: says.names.lock, exact: true }).isDisabled()).toBe(true);
    await window.page.getByRole('switch', { name: windowTexts.request.abilities.system }).check();
    await phone.page.getByText(says.notAllowed(computer)).waitFor({ state: 'detached' });
  });

  it('says why the computer is gone when it sleeps, and after Proxim has ended with it', async () => {
    await order('sleep', 'phone-9-sleep');
    expect(await logind.next()).toBe('Suspend false');
    await phone.page.getByText(`${computer} was put to sleep from this phone`).waitFor();
    await picture(phone, 'phone-10-asleep');
    await proxim.stop();
    await phone.page.getByText(`${computer} is asleep`).waitFor();
    await picture(phone, 'phone-11-ended');
  });
});
