import { setTimeout as elapse } from 'node:timers/promises';

import type { Locator } from 'playwright-core';
import { expect, vi } from 'vitest';

import { observeScreen, type XObserver } from '../../apps/desktop/test/support/x-observer.js';
import { startXScreen, type XScreen } from '../../apps/desktop/test/support/x-screen.js';
import { texts } from '../../apps/mobile/src/texts/en.js';
import { Fingers, startPhone, type TestBrowser } from './browsers.js';
import { type Desk, startDesk } from './desk.js';
import type { Measured } from './measured.js';
import { pathOfPhone, PhoneLog, type PhonePath, watchConnections } from './phone-log.js';

const endTitles = new Set<string>(Object.values(texts.ends).map(({ title }) => title));

/** How a fault came out: in control again, or with a sentence on the phone. */
export type Outcome = 'in control' | { readonly ended: string };

/** What a fault does and undoes. */
export interface Fault {
  readonly begin: () => void | Promise<void>;
  /** How long it lasts; a fault that is no state, such as a reload, has no length. */
  readonly lastsMs?: number;
  readonly end?: () => void | Promise<void>;
}

export interface FaultRun extends Pick<Measured, 'phoneNoticedMs' | 'deskNoticedMs' | 'backMs'> {
  readonly outcome: Outcome;
}

/** A phone's browser and a screen with a desktop app on it, each on a host of its own. */
export class Scene {
  readonly screen: XScreen;
  readonly observer: XObserver;
  readonly #deskNamespace: string;
  #phone: { browser: TestBrowser; fingers: Fingers; log: PhoneLog };
  #desk: Desk | undefined;
  #steps = 0;

  private constructor(parts: {
    screen: XScreen;
    observer: XObserver;
    deskNamespace: string;
    phone: { browser: TestBrowser; fingers: Fingers; log: PhoneLog };
  }) {
    this.screen = parts.screen;
    this.observer = parts.observer;
    this.#deskNamespace = parts.deskNamespace;
    this.#phone = parts.phone;
  }

  static async make(options: {
    readonly desk: string;
    readonly phone: string;
    readonly folder?: string;
  }): Promise<Scene> {
    const screen = await startXScreen({ size: { width: 1280, height: 800 } });
    const observer = await observeScreen(screen.display);
    await observer.cover();
    const phone = await openPhone(options.phone, options.folder);
    return new Scene({ screen, observer, deskNamespace: options.desk, phone });
  }

  get phone(): TestBrowser {
    return this.#phone.browser;
  }

  get log(): PhoneLog {
    return this.#phone.log;
  }

  get fingers(): Fingers {
    return this.#phone.fingers;
  }

  get desk(): Desk {
    if (!this.#desk) throw new Error('no desktop app was started');
    return this.#desk;
  }

  /** Starts the desktop app on its host, in the place of one that was started before. Resolves with its link. */
  async startDesk(...args: readonly string[]): Promise<string> {
    await this.#desk?.stop();
    const desk = startDesk({
      args: ['--json', '--no-open', ...(args.includes('--port') ? [] : ['--port', '0']), ...args],
      namespace: this.#deskNamespace,
      display: this.screen.display,
    });
    this.#desk = desk;
    const { line } = await desk.after(0, 'session');
    return String(line['link']);
  }

  /** Takes a desktop app that was started in another way for this scene's. */
  adoptDesk(desk: Desk): void {
    this.#desk = desk;
  }

  /** In the place of a browser that is gone. */
  async replacePhone(namespace: string, folder: string): Promise<void> {
    this.#phone = await openPhone(namespace, folder);
  }

  /** Opens a link on the phone, asks, approves, and waits until the pad moves the pointer. */
  async connect(link: string): Promise<void> {
    await this.ask(link);
    expect(await this.comesBack()).toBe('in control');
  }

  /** Opens a link on the phone, asks, and approves. */
  async ask(link: string): Promise<void> {
    const { page } = this.phone;
    const from = this.desk.events.length;
    // A page that stands already would only hear of another fragment.
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('button', { name: texts.ready.ask }).click();
    const { line } = await this.desk.after(from, 'pair_prompt', { verified: true });
    this.desk.send({ command: 'approve', sessionID: line['sessionID'], promptID: line['promptID'] });
  }

  /** Waits until a drag on the phone's pad moves the desk's pointer, and both say connected; or until it is over. */
  comesBack(withinMs = 60_000): Promise<Outcome> {
    return vi.waitFor(
      async () => {
        const { last } = this.log;
        if (last !== undefined && endTitles.has(last)) return { ended: last };
        expect(last).toBe('connected');
        const before = await this.observer.pointer();
        await this.#drag();
        await vi.waitFor(
          async () => {
            expect(await this.observer.pointer()).not.toEqual(before);
          },
          { timeout: 700, interval: 20 },
        );
        expect(this.desk.peerState()).toBe('connected');
        return 'in control';
      },
      { timeout: withinMs, interval: 50 },
    );
  }

  /** Taps “Ask again” on the screen of an end, and waits as {@link comesBack} does. */
  async askAgain(): Promise<Outcome> {
    const from = this.log.views.length;
    await this.phone.page.getByRole('button', { name: texts.ended.askAgain }).click();
    await this.log.after(from, () => true);
    return this.comesBack();
  }

  /** Does something to a session in control, and says what became of it and when. */
  async run({ begin, lastsMs = 0, end }: Fault, withinMs?: number): Promise<FaultRun> {
    const seen = { desk: this.desk.events.length, phone: this.log.views.length };
    const began = performance.now();
    await begin();
    // The fault itself lasts this long: nothing is waited for here.
    if (lastsMs > 0) await elapse(lastsMs);
    const over = performance.now();
    await end?.();
    const outcome = await this.comesBack(withinMs);
    const back = performance.now();
    const phoneSaw = this.log.views.slice(seen.phone).find(({ shows }) => shows !== 'connected');
    const deskSaw = this.desk.events
      .slice(seen.desk)
      .find(({ line }) => line['event'] === 'peer' && line['state'] !== 'connected');
    return {
      outcome,
      phoneNoticedMs: phoneSaw ? phoneSaw.at - began : null,
      deskNoticedMs: deskSaw ? deskSaw.at - began : null,
      backMs: outcome === 'in control' ? back - over : null,
    };
  }

  /** How many questions this desktop app has asked its user. */
  async prompts(): Promise<number> {
    await this.desk.settled();
    return this.desk.events.filter(({ line }) => line['event'] === 'pair_prompt').length;
  }

  /** How the direct connection travels, as the phone's browser knows it. */
  async path(): Promise<PhonePath> {
    return vi.waitFor(
      async () => {
        const path = await pathOfPhone(this.phone.page);
        if (!path) throw new Error('no direct connection');
        return path;
      },
      { timeout: 10_000 },
    );
  }

  /** A finger on the phone's left button, until it is lifted; resolves when the desk's button is down. */
  async holdLeftButton(): Promise<void> {
    this.observer.take('ButtonPress', 'ButtonRelease');
    const { x, y } = await centre(this.phone.page.getByRole('button', { name: texts.buttons.left }));
    await this.fingers.press(x, y);
    await this.observer.next('ButtonPress');
  }

  async close(): Promise<void> {
    await this.phone.close();
    await this.#desk?.stop();
    await this.observer.close();
    await this.screen.stop();
  }

  /** To and fro, so that the pointer stays on the screen. */
  async #drag(): Promise<void> {
    const pad = this.phone.page.getByRole('application', { name: texts.connected.touchpad });
    const { x, y } = await centre(pad);
    this.#steps += 1;
    const direction = this.#steps % 2 === 0 ? 1 : -1;
    const path = Array.from({ length: 6 }, (_, step) => ({ x: x + direction * step * 8, y: y + direction * step * 5 }));
    await this.fingers.drag(path, 16);
  }
}

const openPhone = async (
  namespace: string,
  folder: string | undefined,
): Promise<{ browser: TestBrowser; fingers: Fingers; log: PhoneLog }> => {
  const browser = await startPhone({ namespace, ...(folder === undefined ? {} : { folder }) });
  await watchConnections(browser.context);
  return { browser, fingers: await Fingers.on(browser), log: await PhoneLog.of(browser.context) };
};

const centre = async (locator: Locator): Promise<{ x: number; y: number }> => {
  const box = await locator.boundingBox();
  if (!box) throw new Error('it is not on the screen');
  return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
};
