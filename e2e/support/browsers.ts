import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';

import { inNamespace } from './proxim.js';

const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface TestBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
  /** Ends the browser as a crash or an empty battery does: all of its processes at once, with nothing said. */
  kill(): Promise<void>;
}

interface LaunchOptions {
  readonly namespace?: string | undefined;
  /** Headed on this X screen; headless without. */
  readonly display?: string;
  readonly flags?: readonly string[];
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly isPhone?: boolean;
  readonly colorScheme?: 'light' | 'dark';
  /** A folder of the caller's, for a profile that outlives the browser. */
  readonly folder?: string | undefined;
  /** The browser's `HOME`: in `.pki/nssdb` below it are the authorities that it trusts besides its own. */
  readonly home?: string | undefined;
}

const launch = async (options: LaunchOptions): Promise<TestBrowser> => {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'proxim-browser-')));
  const launcher = join(folder, 'chromium');
  const command = inNamespace(options.namespace, ['/usr/bin/chromium']);
  const pidFile = join(folder, 'pid');
  await writeFile(launcher, `#!/bin/sh\necho $$ > ${pidFile}\nexec ${command.join(' ')} "$@"\n`);
  await chmod(launcher, 0o755);
  const isPhone = options.isPhone === true;
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: launcher,
    headless: options.display === undefined,
    args: [...quietFlags, ...(options.flags ?? [])],
    env: {
      ...process.env,
      ...(options.display === undefined ? {} : { DISPLAY: options.display }),
      ...(options.home === undefined ? {} : { HOME: options.home }),
    },
    viewport: options.viewport ?? null,
    ...(isPhone ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}),
    ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const clear = async (): Promise<void> => {
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  };
  return {
    context,
    page,
    close: async () => {
      await context.close();
      await clear();
    },
    kill: async () => {
      const closed = new Promise<void>((resolve) => {
        context.once('close', () => {
          resolve();
        });
      });
      // Playwright starts it as the head of a process group of its own.
      process.kill(-Number(await readFile(pidFile, 'utf8')), 'SIGKILL');
      await closed;
      await clear();
    },
  };
};

/** The desktop's window: Chromium on a real X screen. */
export const startWindowBrowser = (options: {
  readonly display: string;
  readonly namespace?: string | undefined;
  /** More flags for Chromium: `--auto-select-desktop-capture-source=Entire screen` chooses in its dialog. */
  readonly flags?: readonly string[];
}): Promise<TestBrowser> =>
  launch({ ...options, flags: ['--window-size=460,800', '--window-position=0,0', ...(options.flags ?? [])] });

/**
 * A phone: Chromium with touch.
 *
 * @param options `cameraFile`: an MJPEG file that its camera plays, for ever; `hosts`: names that lead to 127.0.0.1
 */
export const startPhone = (options: {
  readonly namespace?: string | undefined;
  readonly cameraFile?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
  /** A folder of the caller's, for a profile that outlives the browser. */
  readonly folder?: string;
  /** Its `HOME`, where the authorities stand that it trusts. */
  readonly home?: string;
  readonly hosts?: readonly string[];
}): Promise<TestBrowser> =>
  launch({
    namespace: options.namespace,
    folder: options.folder,
    home: options.home,
    isPhone: true,
    viewport: options.viewport ?? { width: 390, height: 844 },
    ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
    flags: [
      `--host-resolver-rules=${(options.hosts ?? []).map((host) => `MAP ${host} 127.0.0.1`).join(', ')}`,
      ...(options.cameraFile === undefined
        ? []
        : [
            '--use-fake-ui-for-media-stream',
            '--use-fake-device-for-media-stream',
            `--use-file-for-fake-video-capture=${options.cameraFile}`,
          ]),
    ],
  });

/** Real fingers on a page: touch events through the browser's own input pipeline. */
export class Fingers {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async on({ context, page }: Pick<TestBrowser, 'context' | 'page'>): Promise<Fingers> {
    return new Fingers(await context.newCDPSession(page));
  }

  /** One finger (or several, side by side) along a path, `stepMs` between two touches. */
  async drag(path: readonly { readonly x: number; readonly y: number }[], stepMs: number, fingers = 1): Promise<void> {
    const start = Date.now() / 1000;
    for (const [index, point] of path.entries()) {
      await this.#send(
        index === 0 ? 'touchStart' : 'touchMove',
        points(point, fingers),
        start + (index * stepMs) / 1000,
      );
    }
    await this.#send('touchEnd', [], start + (path.length * stepMs) / 1000);
  }

  /** Puts a finger down and leaves it there. */
  async press(x: number, y: number): Promise<void> {
    await this.#send('touchStart', points({ x, y }, 1), Date.now() / 1000);
  }

  /** Takes every finger away. */
  async lift(): Promise<void> {
    await this.#send('touchEnd', [], Date.now() / 1000);
  }

  async tap(x: number, y: number, fingers = 1): Promise<void> {
    const start = Date.now() / 1000;
    await this.#send('touchStart', points({ x, y }, fingers), start);
    await this.#send('touchEnd', [], start + 0.03);
  }

  async #send(
    type: 'touchStart' | 'touchMove' | 'touchEnd',
    touchPoints: { x: number; y: number; id: number }[],
    timestamp: number,
  ): Promise<void> {
    await this.#session.send('Input.dispatchTouchEvent', { type, touchPoints, timestamp });
  }
}

const points = ({ x, y }: { x: number; y: number }, fingers: number): { x: number; y: number; id: number }[] =>
  Array.from({ length: fingers }, (_, id) => ({ x: x + id * 60, y, id }));
