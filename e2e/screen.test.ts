import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { observeScreen, type XObserver } from '../apps/desktop/test/support/x-observer.js';
import { type PaintedScreen, paintScreen } from '../apps/desktop/test/support/x-paint.js';
import { startXScreen, type XScreen } from '../apps/desktop/test/support/x-screen.js';
import { startWindowManager } from '../apps/desktop/test/support/x-terminal.js';
import { texts as windowTexts } from '../apps/desktop/src/window/texts/en.js';
import { screenTexts } from '../apps/mobile/src/screen-view/texts.js';
import { texts } from '../apps/mobile/src/texts/en.js';
import { Fingers, startPhone, startWindowBrowser, type TestBrowser } from './support/browsers.js';
import { makeTwoHosts, type TwoHosts } from './support/hosts.js';

import { type Proxim, startProxim } from './support/proxim.js';

const size = { width: 1280, height: 800 };
const square = { x: 1040, y: 560, size: 160 };
const [red, green, blue, yellow] = [0xff0000, 0x00ff00, 0x0000ff, 0xffff00];

/** The colours of the phone's picture beside the square and on it, where they are clear. */
const coloursSeen = (page: Page): Promise<{ ground: string; square: string; size: string } | undefined> =>
  page.evaluate(
    ({ screen, spot }) => {
      const video = document.querySelector('video');
      const context = document.createElement('canvas').getContext('2d');
      if (!video || !context || video.videoWidth === 0) return undefined;
      context.canvas.width = video.videoWidth;
      context.canvas.height = video.videoHeight;
      context.drawImage(video, 0, 0);
      const scale = video.videoWidth / screen.width;
      const at = (x: number, y: number): string => {
        const [r = 0, g = 0, b = 0] = context.getImageData(Math.round(x * scale), Math.round(y * scale), 1, 1).data;
        return [r, g, b].map((part) => (part > 200 ? 'f' : part < 60 ? '0' : '?')).join('');
      };
      return {
        ground: at(spot.x - spot.size / 2, spot.y + spot.size / 2),
        square: at(spot.x + spot.size / 2, spot.y + spot.size / 2),
        size: `${video.videoWidth}x${video.videoHeight}`,
      };
    },
    { screen: size, spot: square },
  );

/** The phone sees the computer's screen: a real one, through two real browsers on two hosts. */
describe('the computer’s screen on the phone', () => {
  let hosts: TwoHosts;
  let screen: XScreen;
  let manager: { stop(): Promise<void> };
  let painted: PaintedScreen;
  let observer: XObserver;
  let window: TestBrowser;
  let phone: TestBrowser;
  let proxim: Proxim;
  let ui: string;

  beforeAll(async () => {
    hosts = makeTwoHosts();
    screen = await startXScreen({ size });
    manager = await startWindowManager(screen.display);
    painted = await paintScreen(screen.display, square);
    observer = await observeScreen(screen.display);
    window = await startWindowBrowser({
      display: screen.display,
      namespace: hosts.desk.namespace,
      flags: ['--auto-select-desktop-capture-source=Entire screen'],
    });
    // What the window captures, to ask later whether it still does.
    await window.context.addInitScript(() => {
      const devices = navigator.mediaDevices;
      const capture = devices.getDisplayMedia.bind(devices);
      const tracks: MediaStreamTrack[] = [];
      Object.assign(globalThis, { capturedTracks: tracks });
      devices.getDisplayMedia = async (options) => {
        const stream = await capture(options);
        tracks.push(...stream.getTracks());
        return stream;
      };
    });
    phone = await startPhone({ namespace: hosts.phone.namespace });
    proxim = startProxim({ args: [], display: screen.display, namespace: hosts.desk.namespace });
    ui = String((await proxim.next('listening'))['ui']);
    const { link } = await proxim.next('session');
    await window.page.goto(ui);
    await letIn(String(link));
  });

  afterAll(async () => {
    await phone.close();
    await window.close();
    await proxim.stop();
    await observer.close();
    await painted.close();
    await manager.stop();
    await screen.stop();
    hosts.remove();
  });

  const letIn = async (link: string): Promise<void> => {
    await phone.page.goto(link);
    await phone.page.getByRole('button', { name: texts.ready.ask }).click();
    await proxim.next('pair_prompt');
    await window.page.getByRole('button', { name: 'Approve' }).click();
    await phone.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
  };
  const see = () => phone.page.getByRole('button', { name: screenTexts.see });
  const choose = () => window.page.getByRole('button', { name: windowTexts.screen.choose });
  const sign = () => window.page.getByText(windowTexts.screen.sees);
  const tracks = (): Promise<readonly string[]> =>
    window.page.evaluate(() =>
      (globalThis as { capturedTracks?: MediaStreamTrack[] }).capturedTracks!.map(({ readyState }) => readyState),
    );

  /** Sees the screen once more. */
  const share = async (): Promise<void> => {
    await see().click();
    await choose().click();
    await phone.page.locator('video').waitFor();
    await sign().waitFor();
  };

  it('is asked for on the phone, chosen on the computer, and seen in the right colours in the right place', async () => {
    await painted.paint(red, blue);
    await see().click();
    await phone.page.getByText(screenTexts.asked).waitFor();
    await window.page.getByText(windowTexts.screen.asks).waitFor();
    await choose().click();
    await sign().waitFor();
    await expect.poll(() => coloursSeen(phone.page)).toEqual({ ground: 'f00', square: '00f', size: '1280x800' });
    expect(await tracks()).toEqual(['live']);
  });

  it('changes on the phone as it changes on the computer, and the pad goes on working', async () => {
    await painted.paint(green, yellow);
    await expect.poll(() => coloursSeen(phone.page)).toMatchObject({ ground: '0f0', square: 'ff0' });
    const fingers = await Fingers.on(phone);
    const before = await observer.pointer();
    const drag = async (): Promise<number> => {
      await fingers.drag(
        [60, 90, 120, 150, 180].map((x) => ({ x, y: 560 })),
        16,
      );
      return (await observer.pointer()).x - before.x;
    };
    await expect.poll(drag).toBeGreaterThan(20);
  });

  it('fills the phone when that is wanted, and the whole picture is the pad', async () => {
    await phone.page.getByRole('button', { name: screenTexts.full }).click();
    const pad = await phone.page.getByRole('application', { name: texts.connected.touchpad }).boundingBox();
    expect(pad).toMatchObject({ x: 0, y: 0, width: 390, height: 844 });
    const fingers = await Fingers.on(phone);
    const before = await observer.pointer();
    const drag = async (): Promise<number> => {
      await fingers.drag(
        [60, 90, 120, 150, 180].map((y) => ({ x: 100, y })),
        16,
      );
      return (await observer.pointer()).y - before.y;
    };
    await expect.poll(drag).toBeGreaterThan(20);
    await phone.page.getByRole('button', { name: texts.buttons.keyboard }).click();
    const field = phone.page.getByRole('textbox', { name: texts.keyboard.field });
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
    await phone.page.getByRole('button', { name: texts.buttons.keyboard }).click();
    await phone.page.getByRole('button', { name: screenTexts.leaveFull }).click();
    await phone.page.getByRole('button', { name: texts.connected.settings }).waitFor();
  });

  it('is taken away with the right, at once and on both sides', async () => {
    await window.page.getByRole('switch', { name: 'See the screen' }).uncheck();
    await phone.page.getByText(screenTexts.over('not_allowed')).waitFor();
    await sign().waitFor({ state: 'detached' });
    expect(await tracks()).toEqual(['ended']);
    expect(await phone.page.locator('video').count()).toBe(0);
    await window.page.getByRole('switch', { name: 'See the screen' }).check();
    await phone.page.getByText(screenTexts.over('not_allowed')).waitFor({ state: 'detached' });
  });

  it('ends by a pause', async () => {
    await share();
    await window.page.getByRole('button', { name: 'Pause' }).click();
    await phone.page.getByText(screenTexts.over('paused')).waitFor();
    await sign().waitFor({ state: 'detached' });
    expect(await tracks()).toEqual(['ended', 'ended']);
    await window.page.getByRole('button', { name: 'Resume' }).click();
    await phone.page.getByText(screenTexts.over('paused')).waitFor({ state: 'detached' });
  });

  it('ends by the window’s own button, and by the phone’s', async () => {
    await share();
    await window.page.getByRole('button', { name: windowTexts.screen.stop }).click();
    await phone.page.getByText(screenTexts.over('ended_on_computer')).waitFor();
    await share();
    await phone.page.getByRole('button', { name: screenTexts.stop }).click();
    await sign().waitFor({ state: 'detached' });
    expect((await tracks()).includes('live')).toBe(false);
  });

  it('is shown by one window of several, and ends with it', async () => {
    const second = await window.context.newPage();
    await second.goto(ui);
    await see().click();
    await choose().waitFor();
    await second.getByRole('button', { name: windowTexts.screen.choose }).click();
    await phone.page.locator('video').waitFor();
    // Each window says so, and the first one does not capture.
    await sign().waitFor();
    expect((await tracks()).includes('live')).toBe(false);
    await second.close();
    await phone.page.getByText(screenTexts.over('window_closed')).waitFor();
    await sign().waitFor({ state: 'detached' });
    await phone.page.getByRole('button', { name: screenTexts.dismiss }).click();
  });

  it('ends with the phone’s page, which says so when it is back', async () => {
    await share();
    await phone.page.reload();
    await phone.page.getByText(screenTexts.over('interrupted')).waitFor();
    await sign().waitFor({ state: 'detached' });
    expect((await tracks()).includes('live')).toBe(false);
    await phone.page.getByRole('button', { name: screenTexts.again }).click();
    await choose().click();
    await expect.poll(() => coloursSeen(phone.page)).toMatchObject({ ground: '0f0', square: 'ff0' });
  });

  it('is captured no longer when the phone is gone', async () => {
    await phone.kill();
    await sign().waitFor({ state: 'detached' });
    expect((await tracks()).includes('live')).toBe(false);
  });

  it('is captured no longer when Proxim has ended, whose right it is to allow it', async () => {
    phone = await startPhone({ namespace: hosts.phone.namespace });
    proxim.send({ command: 'create', sessionType: 'persistent' });
    await letIn(String((await proxim.next('session', { sessionType: 'persistent' }))['link']));
    await share();
    expect((await tracks()).at(-1)).toBe('live');
    await proxim.stop();
    await expect.poll(async () => (await tracks()).at(-1)).toBe('ended');
    await sign().waitFor({ state: 'detached' });
  });
});
