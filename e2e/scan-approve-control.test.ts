import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { observeScreen, type XObserver } from '../apps/desktop/test/support/x-observer.js';
import { findWindow, startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { startTerminal, startWindowManager, type XTerminal } from '../apps/desktop/test/support/x-terminal.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { Fingers, startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { type Proxim, startProxim } from './support/proxim.js';
import { expectedTravel, recordTouches, touchesSeen } from './support/travel.js';

const text = 'héllo ✓ 你好 😀';

describe('the whole way: scan, approve, connected, in control', () => {
  let folder: string;
  let screen: XScreen;
  let manager: { stop(): Promise<void> };
  let terminal: XTerminal;
  let observer: XObserver;
  let proxim: Proxim;
  let window: TestBrowser;
  let phone: TestBrowser | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxim-e2e-'));
    screen = await startXScreen({ size: { width: 1280, height: 800 } });
    manager = await startWindowManager(screen.display);
    proxim = startProxim({ args: ['--address', '127.0.0.1'], display: screen.display });
    const { ui } = await proxim.next('listening');
    window = await startWindowBrowser({ display: screen.display });
    await window.page.goto(String(ui));
    terminal = await startTerminal(screen.display);
    observer = await observeScreen(screen.display);
  });

  afterAll(async () => {
    await phone?.close();
    await window.close();
    await proxim.stop();
    await observer.close();
    await terminal.close();
    await manager.stop();
    await screen.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const xdotool = (...args: readonly string[]): string =>
    execFileSync('xdotool', args, { env: { ...process.env, DISPLAY: screen.display }, encoding: 'utf8' }).trim();

  it('reads the code that the window shows with the phone’s camera, and asks', async () => {
    const code = window.page.getByRole('img', { name: 'QR code' });
    await code.waitFor();
    const box = await code.boundingBox();
    if (!box) throw new Error('the code is not on the screen');
    // What a camera held before the screen would see, as a film of one picture.
    const picture = await window.page.screenshot({
      type: 'jpeg',
      quality: 92,
      clip: { x: Math.max(0, box.x - 20), y: Math.max(0, box.y - 20), width: 400, height: 400 },
    });
    const film = join(folder, 'code.mjpeg');
    await writeFile(film, Buffer.concat([picture, picture, picture]));

    phone = await startPhone({ cameraFile: film });
    const { sessionID, link } = await proxim.next('session');
    await phone.page.goto(new URL('/', String(link)).href);
    await phone.page.getByRole('button', { name: /scan/i }).click();
    await phone.page.getByRole('button', { name: 'Ask to connect' }).click();
    const prompt = await proxim.next('pair_prompt');
    expect(prompt).toMatchObject({ sessionID, verified: true });
  });

  it('connects when the window’s Approve is clicked', async () => {
    await window.page.getByRole('button', { name: 'Approve' }).click();
    await proxim.next('peer', { state: 'connected' });
    await phone!.page.getByRole('application', { name: 'Touchpad' }).waitFor();
    await window.page.getByRole('button', { name: 'End session' }).waitFor();
  });

  it('moves the pointer by what the acceleration makes of the touches', async () => {
    const { page } = phone!;
    const fingers = await Fingers.on(phone!);
    const pad = await page.getByRole('application', { name: 'Touchpad' }).boundingBox();
    const from = { x: Math.round(pad!.x + 80), y: Math.round(pad!.y + 120) };
    const path = Array.from({ length: 24 }, (_, step) => ({ x: from.x + step * 7, y: from.y + step * 4 }));
    await recordTouches(page);
    const before = await observer.pointer();
    await fingers.drag(path, 16);
    const touches = await touchesSeen(page);
    expect(touches.at(0)).toMatchObject({ type: 'pointerdown', ...path[0] });
    expect(touches.filter(({ type }) => type === 'pointermove').at(-1)).toMatchObject(path.at(-1)!);

    const travel = expectedTravel(touches);
    expect(Math.hypot(travel.x, travel.y)).toBeGreaterThan(50);
    await expect
      .poll(async () => {
        const after = await observer.pointer();
        return Math.max(Math.abs(after.x - before.x - travel.x), Math.abs(after.y - before.y - travel.y));
      })
      .toBeLessThanOrEqual(1);
  });

  it('types exactly what is typed on the phone, into another program', async () => {
    // The terminal gets the keyboard as it would from a person: the pointer is on it, and the pad is tapped.
    const fingers = await Fingers.on(phone!);
    const pad = await phone!.page.getByRole('application', { name: 'Touchpad' }).boundingBox();
    const terminalWindow = await findWindow(screen.display, '--class', 'xterm');
    xdotool('mousemove', '--window', terminalWindow, '60', '60');
    await fingers.tap(pad!.x + 150, pad!.y + 200);
    await expect.poll(() => xdotool('getwindowfocus')).toBe(terminalWindow);

    await phone!.page.getByRole('button', { name: texts.buttons.keyboard }).click();
    const field = phone!.page.getByRole('textbox', { name: texts.keyboard.field });
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
    for (const character of new Intl.Segmenter().segment(text))
      await phone!.page.keyboard.insertText(character.segment);
    expect(await terminal.read(Buffer.byteLength(text))).toBe(text);
  });

  it('clicks when the pad is tapped', async () => {
    const fingers = await Fingers.on(phone!);
    const pad = await phone!.page.getByRole('application', { name: 'Touchpad' }).boundingBox();
    const clicked = await observeScreen(screen.display);
    await clicked.cover();
    await fingers.tap(pad!.x + 150, pad!.y + 200);
    expect(await clicked.next('ButtonPress')).toMatchObject({ keycode: 1 });
    expect(await clicked.next('ButtonRelease')).toMatchObject({ keycode: 1 });
    await clicked.close();
  });

  it('turns the wheel under two fingers', async () => {
    const fingers = await Fingers.on(phone!);
    const pad = await phone!.page.getByRole('application', { name: 'Touchpad' }).boundingBox();
    const scrolled = await observeScreen(screen.display);
    await scrolled.cover();
    const path = Array.from({ length: 12 }, (_, step) => ({ x: pad!.x + 100, y: pad!.y + 100 + step * 12 }));
    await fingers.drag(path, 16, 2);
    // The content follows the fingers: down they go, up turns the wheel (button 4), a notch every 20 px or so.
    for (let notch = 0; notch < 5; notch += 1) {
      expect(await scrolled.next('ButtonPress')).toMatchObject({ keycode: 4 });
    }
    await scrolled.close();
  });

  it('says on both screens that the session was ended', async () => {
    await window.page.getByRole('button', { name: 'End session' }).click();
    expect(await proxim.next('session_closed')).toMatchObject({ reason: 'closed_by_desktop' });
    await phone!.page.getByText(texts.ends.closed_by_desktop.title).waitFor();
  });
});
