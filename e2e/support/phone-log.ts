import type { BrowserContext, Page } from 'playwright-core';

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

/** The path of a direct connection as the phone's own browser has chosen it. */
export interface PhonePath {
  readonly localType: string;
  readonly remoteType: string;
  readonly remoteAddress: string;
  readonly roundTripMs: number;
}

/** Keeps the page's direct connections in sight, for {@link pathOfPhone}; before the page is opened. */
export const watchConnections = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript(keepConnections);
};

/** Runs in the page, before its own scripts. */
const keepConnections = (): void => {
  const kept: RTCPeerConnection[] = [];
  const Original = RTCPeerConnection;
  Object.assign(globalThis, {
    connectionsOfTheTest: kept,
    RTCPeerConnection: class extends Original {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        kept.push(this);
      }
    },
  });
};

/** How the phone's newest direct connection travels; undefined while none stands. */
export const pathOfPhone = (page: Page): Promise<PhonePath | undefined> =>
  page.evaluate(async () => {
    const { connectionsOfTheTest } = globalThis as unknown as { connectionsOfTheTest: RTCPeerConnection[] };
    const connection = connectionsOfTheTest.findLast(({ connectionState }) => connectionState === 'connected');
    const reports: Record<string, unknown>[] = [];
    (await connection?.getStats())?.forEach((report: Record<string, unknown>) => reports.push(report));
    const chosen = reports.find(
      ({ type, nominated, state }) => type === 'candidate-pair' && nominated === true && state === 'succeeded',
    );
    const local = reports.find(({ id }) => id === chosen?.['localCandidateId']);
    const remote = reports.find(({ id }) => id === chosen?.['remoteCandidateId']);
    if (!chosen || !local || !remote) return undefined;
    return {
      localType: String(local['candidateType']),
      remoteType: String(remote['candidateType']),
      remoteAddress: String(remote['address']),
      roundTripMs: Number(chosen['currentRoundTripTime']) * 1000,
    };
  });
