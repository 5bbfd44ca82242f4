import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

interface Phone {
  readonly browser: TestBrowser;
  readonly fingers: Fingers;
  readonly log: PhoneLog;
}

interface SceneParts {
  readonly screen: XScreen;
  readonly observer: XObserver;
  readonly deskNamespace: string;
  readonly phoneNamespace: string;
  /** Where the phone's profile is, for as long as the scene. */
  readonly folder: string;
  readonly phone: Phone;
}

/** A phone's browser and a screen with a desktop app on it, each on a host of its own. */
export class Scene {
  readonly screen: XScreen;
  readonly observer: XObserver;
  readonly #parts: SceneParts;
  #phone: Phone;
  #desk: Desk | undefined;
  #steps = 0;

  private constructor(parts: SceneParts) {
    this.screen = parts.screen;
    this.observer = parts.observer;
    this.#parts = parts;
    this.#phone = parts.phone;
  }

  /** @param hosts the namespaces of the two */
  static async make(hosts: { readonly desk: string; readonly phone: string }): Promise<Scene> {
    const folder = await mkdtemp(join(tmpdir(), 'proxim-phone-'));
    const screen = await startXScreen({ size: { width: 1280, height: 800 } });
    try {
      const observer = await observeScreen(screen.display);
      await observer.cover();
      const phone = await openPhone(hosts.phone, folder);
      return new Scene({ screen, observer, folder, phone, deskNamespace: hosts.desk, phoneNamespace: hosts.phone });
    } catch (error) {
      await screen.stop();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
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
      namespace: this.#parts.deskNamespace,
      display: this.screen.display,
    });
    this.#desk = desk;
    const { line } = await desk.after(0, 'session');
    return String(line['link']);
  }

  /** Starts the phone's browser again, with the profile of the one that was killed. */
  async restartPhone(): Promise<void> {
    this.#phone = await openPhone(this.#parts.phoneNamespace, this.#parts.folder);
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

  /**
   * Taps “Ask again” on the screen of an end, and waits as {@link comesBack} does. A page that hears from its browser of
   * a better network may have begun by itself.
   */
  async askAgain(): Promise<Outcome> {
    const begun = this.log.after(this.log.views.length, () => true);
    const button = this.phone.page.getByRole('button', { name: texts.ended.askAgain });
    await Promise.race([button.click().catch(() => undefined), begun]);
    await begun;
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

  /** Ends everything, whatever has ended before or cannot be ended. */
  async close(): Promise<void> {
    const ends = [
      () => this.phone.close(),
      () => this.#desk?.stop(),
      () => this.observer.close(),
      () => this.screen.stop(),
      () => rm(this.#parts.folder, { recursive: true, force: true }),
    ];
    const failures: unknown[] = [];
    for (const end of ends) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be ended');
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

const openPhone = async (namespace: string, folder: string): Promise<Phone> => {
  const browser = await startPhone({ namespace, folder });
  await watchConnections(browser.context);
  return { browser, fingers: await Fingers.on(browser), log: await PhoneLog.of(browser.context) };
};

const centre = async (locator: Locator): Promise<{ x: number; y: number }> => {
  const box = await locator.boundingBox();
  if (!box) throw new Error('it is not on the screen');
  return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
};
