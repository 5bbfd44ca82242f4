import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { controlChannels, type DesktopMessage, parseDesktopMessage } from '@proxim/control';
import { unloadNodeRtcEngine } from '@proxim/peer/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { startWindowBrowser, type TestBrowser } from '../../../e2e/support/browsers.js';
import { texts } from '../src/window/texts/en.js';
import { type Command, event, type Line, runProxim } from './support/command.js';
import { isStatus, type NodePhone, startNodePhone } from './support/node-phone.js';
import { type StandInLogind, startStandInLogind } from './support/stand-in-logind.js';
import { startSystemBus, type SystemBus } from './support/system-bus.js';
import { runOnScreen, startXScreen, type XScreen } from './support/x-screen.js';
import { startWindowManager } from './support/x-terminal.js';

/** A phone that says what it likes on its control channel. */
interface RawPhone {
  readonly phone: NodePhone;
  readonly sessionID: string;
  readonly send: (message: object) => void;
  /** The next message of this kind that nobody has taken. */
  next<T extends DesktopMessage['type']>(type: T): Promise<Extract<DesktopMessage, { type: T }>>;
}

/** Over a real D-Bus, at whose other end a stand-in for logind writes down what it is told. */
describe('the system’s commands, from a phone', () => {
  let folder: string;
  let bus: SystemBus;
  let logind: StandInLogind;
  let app: Command;
  let screen: XScreen;
  let manager: { stop(): Promise<void> };
  let browser: TestBrowser;
  let window: WebSocket;
  let phones: Pick<RawPhone, 'phone' | 'sessionID'>[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxim-system-'));
    bus = await startSystemBus(folder);
    logind = await startStandInLogind(bus.address);
    screen = await startXScreen();
    manager = await startWindowManager(screen.display);
    browser = await startWindowBrowser({ display: screen.display });
    // Each test lets a phone in, all of one address.
    const args = ['--json', '--no-open', '--address', '127.0.0.1', '--port', '0', '--pair-burst', '100'];
    app = runProxim([...args, '--data-dir', folder], {
      env: { DISPLAY: screen.display, DBUS_SYSTEM_BUS_ADDRESS: bus.address },
    });
    const ui = new URL(String((await app.next(event('listening')))['ui']));
    window = new WebSocket(`ws://${ui.host}/window`, { headers: { origin: ui.origin } });
    await once(window, 'open');
    window.send(JSON.stringify({ command: 'hello', token: ui.hash.slice(1) }));
    await browser.page.goto(ui.href);
    await app.next(event('session'));
    await bus.hasListener();
  });

  beforeEach(() => {
    logind.failing.clear();
    logind.hasLocker = true;
  });

  afterEach(() => {
    for (const { phone, sessionID } of phones) {
      phone.peer.leave();
      app.send({ command: 'close', sessionID });
    }
    phones = [];
    expect(logind.orders).toEqual([]);
  });

  afterAll(async () => {
    window.terminate();
    await browser.close();
    await app.stop();
    await manager.stop();
    await screen.stop();
    logind.stop();
    await bus.stop();
    await unloadNodeRtcEngine();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const setRights = (sessionID: string, changes: Readonly<Record<string, boolean>>): void => {
    const rights = { view: true, point: true, type: true, clipboard: true, system: true, ...changes };
    window.send(JSON.stringify({ command: 'set_rights', sessionID, rights }));
  };

  /** Lets a phone in, in a session of its own, and waits until it knows what the computer has. */
  const connect = async (): Promise<RawPhone> => {
    app.send({ command: 'create', sessionType: 'temporary' });
    const { link, sessionID } = await app.next(event('session'));
    const phone = startNodePhone(String(link));
    phones.push({ phone, sessionID: String(sessionID) });
    const messages: DesktopMessage[] = [];
    const waiting = new Set<() => void>();
    const opened = new Promise<(message: object) => void>((resolve) => {
      phone.peer.on('channel', (channel) => {
        if (channel.label !== controlChannels.control.label) return;
        channel.onMessage((data) => {
          const read = parseDesktopMessage(String(data));
          if (!read.ok) throw new Error(`${read.fault}: ${String(data)}`);
          messages.push(read.message);
          for (const look of [...waiting]) look();
        });
        resolve((message) => channel.send(JSON.stringify(message)));
      });
    });
    await app.next(event('pair_prompt', { sessionID }));
    app.send({ command: 'approve', sessionID });
    await phone.reaches(isStatus('connected'));
    const raw: RawPhone = {
      phone,
      sessionID: String(sessionID),
      send: await opened,
      next: (type) =>
        new Promise((resolve) => {
          const look = (): void => {
            const index = messages.findIndex((message) => message.type === type);
            const [found] = index < 0 ? [] : messages.splice(index, 1);
            if (!found) return;
            waiting.delete(look);
            resolve(found as Extract<DesktopMessage, { type: typeof type }>);
          };
          waiting.add(look);
          look();
        }),
    };
    let state = await raw.next('control_state');
    while (state.has?.system.length !== 4) state = await raw.next('control_state');
    return raw;
  };

  const asksToRestart = async (phone: RawPhone, id = 1): Promise<Line> => {
    phone.send({ type: 'system', id, action: 'restart' });
    expect(await phone.next('system_result')).toMatchObject({ id, outcome: 'asked', seconds: 20 });
    return app.next(event('system_prompt', { sessionID: phone.sessionID }));
  };

  it('locks without a question, and says so when it is locked', async () => {
    const phone = await connect();
    phone.send({ type: 'system', id: 1, action: 'lock' });
    expect(await phone.next('system_result')).toEqual({ type: 'system_result', id: 1, outcome: 'done' });
    expect(await logind.next()).toBe('Lock');
    expect(await app.next(event('system'))).toMatchObject({ sessionID: phone.sessionID, action: 'lock' });
  });

  it('tells every phone that it goes to sleep', async () => {
    const phone = await connect();
    const other = await connect();
    phone.send({ type: 'system', id: 1, action: 'sleep' });
    expect(await logind.next()).toBe('Suspend false');
    expect(await phone.next('system_result')).toMatchObject({ outcome: 'done' });
    for (const { next, phone: peer } of [phone, other]) {
      expect(await next('system_going')).toMatchObject({ action: 'sleep' });
      expect(await peer.reaches(isStatus('reconnecting'))).toMatchObject({ why: 'asleep' });
    }
    logind.wakeUp();
    await phone.phone.reaches(isStatus('connected'));
  });

  it.each([
    ['restart', 'Reboot false'],
    ['shut_down', 'PowerOff false'],
  ])('asks the computer’s user before it does a %s, and does it after a yes', async (action, order) => {
    const phone = await connect();
    phone.send({ type: 'system', id: 1, action });
    expect(await phone.next('system_result')).toMatchObject({ outcome: 'asked' });
    const { sessionID, promptID, ...prompt } = await app.next(event('system_prompt'));
    expect(prompt).toMatchObject({ action, deviceInfo: { name: 'Galaxy S23' } });
    expect(logind.orders).toEqual([]);
    app.send({ command: 'allow', sessionID, promptID });
    expect(await logind.next()).toBe(order);
    expect(await phone.next('system_result')).toMatchObject({ outcome: 'done' });
    expect(await phone.next('system_going')).toMatchObject({ action });
  });

  it('does nothing after a no, and makes the phone wait before it asks again', async () => {
    const phone = await connect();
    const { sessionID, promptID } = await asksToRestart(phone);
    app.send({ command: 'deny', sessionID, promptID });
    expect(await phone.next('system_result')).toMatchObject({ outcome: 'refused', reason: 'rejected_by_user' });
    expect(await app.next(event('system', { sessionID }))).toMatchObject({ reason: 'rejected_by_user' });
    phone.send({ type: 'system', id: 2, action: 'restart' });
    expect(await phone.next('system_result')).toMatchObject({ id: 2, outcome: 'refused', reason: 'busy' });
    app.send({ command: 'allow', sessionID, promptID });
    await app.next(event('error', { code: 'question_over' }));
  });

  it('refuses a phone that may not, whatever it sends, and gives no order', async () => {
    const phone = await connect();
    setRights(phone.sessionID, { system: false });
    while ((await phone.next('control_state')).may?.system !== false);
    for (const [id, action] of ['lock', 'sleep', 'restart', 'shut_down'].entries()) {
      phone.send({ type: 'system', id, action });
      expect(await phone.next('system_result')).toMatchObject({ id, outcome: 'refused', reason: 'not_allowed' });
    }
    expect(app.seen().filter(event('system_prompt'))).toEqual([]);
  });

  it('asks no longer when the right is withdrawn, and does nothing then', async () => {
    const phone = await connect();
    const { sessionID, promptID } = await asksToRestart(phone);
    setRights(phone.sessionID, { system: false });
    expect(await app.next(event('system_cancel', { sessionID }))).toMatchObject({ promptID, reason: 'not_allowed' });
    expect(await phone.next('system_result')).toMatchObject({ outcome: 'refused', reason: 'not_allowed' });
    app.send({ command: 'allow', sessionID, promptID });
    await app.next(event('error', { code: 'question_over' }));
  });

  it('asks no longer when the phone is paused', async () => {
    const phone = await connect();
    const { sessionID } = await asksToRestart(phone);
    window.send(JSON.stringify({ command: 'pause', sessionID, isPaused: true }));
    expect(await app.next(event('system_cancel', { sessionID }))).toMatchObject({ reason: 'not_allowed' });
  });

  it.each([
    ['leaves', (phone: RawPhone) => phone.phone.peer.leave()],
    ['withdraws it', (phone: RawPhone) => phone.send({ type: 'system_cancel', id: 1 })],
    ['has its session ended', (phone: RawPhone) => app.send({ command: 'close', sessionID: phone.sessionID })],
  ])('asks no longer when the phone %s', async (_what, goes) => {
    const phone = await connect();
    const { sessionID, promptID } = await asksToRestart(phone);
    goes(phone);
    expect(await app.next(event('system_cancel', { sessionID }))).toMatchObject({ promptID, reason: 'withdrawn' });
    app.send({ command: 'allow', sessionID, promptID });
    await app.next(event('error', { code: 'question_over' }));
  });

  it('takes an id once', async () => {
    const phone = await connect();
    phone.send({ type: 'system', id: 5, action: 'lock' });
    phone.send({ type: 'system', id: 5, action: 'sleep' });
    phone.send({ type: 'system', id: 4, action: 'sleep' });
    expect(await phone.next('system_result')).toMatchObject({ id: 5, outcome: 'done' });
    phone.send({ type: 'system', id: 6, action: 'lock' });
    expect(await phone.next('system_result')).toMatchObject({ id: 6, outcome: 'done' });
    expect([await logind.next(), await logind.next()]).toEqual(['Lock', 'Lock']);
  });

  it('has one question at a time, and no phone points or types meanwhile', async () => {
    const phone = await connect();
    const other = await connect();
    const { sessionID, promptID } = await asksToRestart(phone);
    for (const { next } of [phone, other]) {
      let state = await next('control_state');
      while (state.may?.point !== false) state = await next('control_state');
      expect(state).toMatchObject({ ready: false, may: { point: false, type: false, system: true } });
    }
    other.send({ type: 'system', id: 1, action: 'shut_down' });
    expect(await other.next('system_result')).toMatchObject({ outcome: 'refused', reason: 'busy' });
    app.send({ command: 'deny', sessionID, promptID });
    for (const { next } of [phone, other]) {
      expect(await next('control_state')).toMatchObject({ may: { point: true, type: true } });
    }
  });

  it('says when the system did not do it', async () => {
    const phone = await connect();
    logind.failing.add('Suspend');
    phone.send({ type: 'system', id: 1, action: 'sleep' });
    expect(await logind.next()).toBe('Suspend false');
    expect(await phone.next('system_result')).toMatchObject({ outcome: 'refused', reason: 'failed' });
    expect(phone.phone.peer.state.status).toBe('connected');
  });

  it('takes no answer from a phone’s pointer or keys, and one from the computer’s own mouse', async () => {
    const { page } = browser;
    const phone = await connect();
    const { sessionID, promptID } = await asksToRestart(phone);
    const button = page.getByRole('button', { name: texts.system.allow.restart, disabled: false });
    await button.waitFor();
    const box = await button.boundingBox();
    const origin = await page.evaluate(() => ({ x: screenX, y: screenY + outerHeight - innerHeight }));
    if (!box) throw new Error('the button is not on the screen');
    const place = [origin.x + box.x + box.width / 2, origin.y + box.y + box.height / 2].map((at) => at.toFixed(0));
    await runOnScreen(screen.display, 'xdotool', 'mousemove', ...place);
    await button.focus();
    const at = { sequence: 1, x: 0, y: 0, scrollX: 0, scrollY: 0 };
    for (const pressed of [true, false]) {
      phone.send({ type: 'button', button: 'left', pressed, at });
      phone.send({ type: 'key', code: 'Enter', key: 'Enter', pressed });
    }
    phone.send({ type: 'text', text: '\n ' });
    // The answer to what was sent behind it: the computer has seen it all.
    phone.send({ type: 'system', id: 2, action: 'lock' });
    expect(await phone.next('system_result')).toMatchObject({ id: 2, reason: 'busy' });
    // And the window has seen the computer's own mouse, which was moved after it.
    const seen = page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          addEventListener('pointermove', () => resolve(), { once: true });
        }),
    );
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await runOnScreen(screen.display, 'xdotool', 'mousemove_relative', '--', '0', '-100');
    await seen;
    await page.evaluate(() => new Promise(requestAnimationFrame));
    // Whatever was answered cannot be answered again, nor withdrawn.
    expect(await button.isVisible()).toBe(true);
    phone.send({ type: 'system_cancel', id: 1 });
    expect(await app.next(event('system_cancel', { sessionID }))).toMatchObject({ promptID, reason: 'withdrawn' });
    expect(logind.orders).toEqual([]);

    // The same place, and the computer's own mouse.
    const other = await connect();
    await asksToRestart(other);
    await button.waitFor();
    await runOnScreen(screen.display, 'xdotool', 'mousemove', ...place, 'click', '1');
    expect(await logind.next()).toBe('Reboot false');
    expect(await other.next('system_result')).toMatchObject({ outcome: 'done' });
  });
});
