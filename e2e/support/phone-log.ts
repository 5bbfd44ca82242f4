import type { BrowserContext } from 'playwright-core';

import { texts } from '../../apps/mobile/src/texts/en.js';

/** What the phone shows: `connected` with nothing over the pad, `searching` behind its dialog, else a screen's title. */
export interface PhoneView {
  readonly shows: string;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/** Writes down what the phone's page shows, through reloads, from now on. */
export class PhoneLog {
  readonly views: PhoneView[] = [];
  readonly #waiting = new Set<() => void>();

  static async of(context: BrowserContext): Promise<PhoneLog> {
    const log = new PhoneLog();
    await context.exposeBinding('phoneShows', (_source, shows: string) => {
      log.#add(shows);
    });
    await context.addInitScript(tellWhatIsShown, texts.connected.touchpad);
    return log;
  }

  get last(): string | undefined {
    return this.views.at(-1)?.shows;
  }

  /** The first view from the `from`th on for which `isIt` holds; waits for it. */
  after(from: number, isIt: (shows: string) => boolean): Promise<PhoneView> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.views.slice(from).find(({ shows }) => isIt(shows));
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  #add(shows: string): void {
    if (this.last === shows) return;
    this.views.push({ shows, at: performance.now() });
    for (const look of [...this.#waiting]) look();
  }
}

/** Runs in the page, before its own scripts. */
const tellWhatIsShown = (touchpad: string): void => {
  const tell = (globalThis as unknown as { phoneShows: (shows: string) => Promise<void> }).phoneShows;
  let last: string | undefined;
  const look = (): void => {
    const pad = document.querySelector(`[role=application][aria-label="${touchpad}"]`);
    const dialog = document.querySelector('.coming-back');
    const shows = pad ? (dialog ? 'searching' : 'connected') : document.querySelector('h1')?.textContent;
    if (shows === undefined || shows === '' || shows === last) return;
    last = shows;
    void tell(shows);
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
};
