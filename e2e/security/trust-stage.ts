import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

import { type Command, event, type Line, runProxim } from '../../apps/desktop/test/support/command.js';
import { observeScreen, type XObserver } from '../../apps/desktop/test/support/x-observer.js';
import { startXScreen, type XScreen } from '../../apps/desktop/test/support/x-screen.js';
import type { Message as Sentence } from '../../apps/mobile/src/texts/en.js';
import { texts } from '../../apps/mobile/src/texts/en.js';
import { texts as windowTexts } from '../../apps/desktop/src/window/texts/en.js';
import { Fingers } from '../support/browsers.js';

/** A phone with a browser profile of its own. */
export interface Phone {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Opens a link and asks. */
  asks(link: string): Promise<void>;
  /** Waits until its screen says this, and checks that it is no empty word. */
  isTold(sentence: Sentence): Promise<void>;
  isConnected(): Promise<void>;
}

/** A session's code. */
export interface Code {
  readonly sessionID: string;
  readonly link: string;
}

/** What the computer says of somebody who was turned away. */
const turnedAway = {
  auth_wrong: {
    events: /^.+ was turned away: its proof of having read the code is wrong\. Somebody may be in between\.$/,
    window: /was turned away: its proof was wrong$/,
  },
  auth_missing: {
    events: /^.+ was turned away: it did not prove that it read the code\.$/,
    window: /was turned away: it did not prove that it read the code$/,
  },
  unverified: {
    events: /^.+ was turned away: it did not prove that it read the code\.$/,
    window: /was turned away: it did not prove that it read the code$/,
  },
} as const;

/** A computer with a screen of its own, and a browser that phones' profiles are made in. */
export class TrustStage {
  readonly observer: XObserver;
  readonly #screen: XScreen;
  readonly #browser: Browser;
  #app: Command | undefined;
  #windowPage: Page | undefined;
  #asked = 0;

  private constructor(screen: XScreen, observer: XObserver, browser: Browser) {
    this.#screen = screen;
    this.observer = observer;
    this.#browser = browser;
  }

  static async start(): Promise<TrustStage> {
    const screen = await startXScreen({ size: { width: 1280, height: 800 } });
    const observer = await observeScreen(screen.display);
    await observer.cover();
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic'];
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
    return new TrustStage(screen, observer, browser);
  }

  get display(): string {
    return this.#screen.display;
  }

  get app(): Command {
    if (!this.#app) throw new Error('the desktop app was not started');
    return this.#app;
  }

  get #window(): Page {
    if (!this.#windowPage) throw new Error('the window is not open');
    return this.#windowPage;
  }

  /** Starts the desktop app, and opens its window in a browser. Resolves with the line that says where it listens. */
  async startApp(...args: readonly string[]): Promise<Line> {
    const all = ['--json', '--no-open', '--address', '127.0.0.1', ...(args.includes('--port') ? [] : ['--port', '0'])];
    this.#app = runProxim([...all, ...args], { env: { DISPLAY: this.display } });
    const listening = await this.#app.next(event('listening'));
    this.#windowPage = await this.#browser.newPage();
    await this.#windowPage.goto(String(listening['ui']));
    await this.#windowPage.getByText(windowTexts.log.title).click();
    return listening;
  }

  async stopApp(signal?: 'SIGKILL'): Promise<void> {
    await this.#windowPage?.close();
    this.#windowPage = undefined;
    await this.#app?.stop(signal);
    this.#app = undefined;
  }

  /** The next code that the app shows and nobody has taken. */
  async nextCode(): Promise<Code> {
    const { sessionID, link } = await this.app.next(event('session'));
    return { sessionID: String(sessionID), link: String(link) };
  }

  /** Has a new code made. */
  newCode(kind: { readonly sessionType?: string; readonly ttlSeconds?: number } = {}): Promise<Code> {
    this.app.send({ command: 'create', ...kind });
    return this.nextCode();
  }

  async newPhone(): Promise<Phone> {
    const context = await this.#browser.newContext({
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 844 },
    });
    const page = await context.newPage();
    return {
      context,
      page,
      asks: async (link) => {
        await page.goto('about:blank');
        await page.goto(link);
        await page.getByRole('button', { name: texts.ready.ask }).click();
      },
      isTold: async ({ title, text }) => {
        await page.getByRole('heading', { name: title, exact: true }).waitFor();
        await page.getByText(text, { exact: true }).waitFor();
      },
      isConnected: () => page.getByLabel(texts.connected.connected, { exact: true }).waitFor(),
    };
  }

  /** The user approves what is asked about this session. */
  async approve(sessionID: string): Promise<Line> {
    const prompt = await this.app.next(event('pair_prompt', { sessionID }));
    this.app.send({ command: 'approve', sessionID, promptID: prompt['promptID'] });
    return prompt;
  }

  /** A phone that has been let in and is connected. */
  async connected(code: Code): Promise<Phone> {
    const phone = await this.newPhone();
    await phone.asks(code.link);
    await this.approve(code.sessionID);
    await phone.isConnected();
    await this.app.next(event('peer', { sessionID: code.sessionID, state: 'connected' }));
    return phone;
  }

  /** Waits until the computer says of somebody that they were turned away, in its events and in its window. */
  async saysTurnedAway(code: keyof typeof turnedAway): Promise<void> {
    const sentences = turnedAway[code];
    const line = await this.app.next(event('error', { code }));
    expect(line['message']).toMatch(sentences.events);
    await this.#window.getByText(sentences.window).filter({ visible: true }).first().waitFor();
  }

  /** Everything that the app has said until now and nobody has taken, leaving it there. */
  async said(): Promise<readonly Line[]> {
    this.#asked += 1;
    const sessionID = `nothing-${String(this.#asked)}`;
    this.app.send({ command: 'close', sessionID });
    await this.app.next(event('error', { code: 'session_not_found' }));
    return [...this.app.seen()];
  }

  async forgetWhatWasSaid(): Promise<void> {
    for (const line of await this.said()) await this.app.next((other) => other === line);
  }

  /** Checks that this session's direct connection never opened, and that nobody is asked about it. */
  async neverConnected(sessionID: string): Promise<void> {
    const lines = (await this.said()).filter((line) => line['sessionID'] === sessionID);
    expect(lines.filter(({ event: name, state }) => name === 'peer' && state === 'connected')).toEqual([]);
    expect(lines.filter(({ event: name }) => name === 'pair_prompt')).toEqual([]);
  }

  /** Checks that nothing has moved, clicked or typed on the computer while something was done. */
  async withoutInput(action: () => Promise<void>): Promise<void> {
    const before = await this.observer.pointer();
    this.#input();
    await action();
    expect(await this.observer.pointer()).toEqual(before);
    expect(this.#input()).toEqual([]);
  }

  /** Checks that this phone controls the computer. */
  async isInControl({ context, page }: Phone): Promise<void> {
    const pad = await page.getByRole('application', { name: texts.connected.touchpad }).boundingBox();
    if (!pad) throw new Error('there is no pad');
    const fingers = await Fingers.on({ context, page });
    const before = await this.observer.pointer();
    // Towards the middle, so that the pointer never stands at the screen's edge already.
    const direction = before.x < 640 ? 1 : -1;
    const path = Array.from({ length: 8 }, (_, step) => ({ x: pad.x + 190 + direction * step * 12, y: pad.y + 200 }));
    await fingers.drag(path, 16);
    await expect.poll(async () => Math.abs((await this.observer.pointer()).x - before.x)).toBeGreaterThan(20);
    await this.observer.next('MotionNotify');
  }

  async close(): Promise<void> {
    await this.stopApp();
    await this.#browser.close();
    await this.observer.close();
    await this.#screen.stop();
  }

  #input(): readonly unknown[] {
    return this.observer.take('KeyPress', 'KeyRelease', 'ButtonPress', 'ButtonRelease', 'MotionNotify');
  }
}
