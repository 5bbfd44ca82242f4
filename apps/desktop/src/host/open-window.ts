import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ensurePrivateDir } from './data-dir.js';

/** Browsers that can show a page as a window of its own, by platform. */
const browsers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'brave-browser'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The first of this platform's browsers that is installed. */
export const findBrowser = (platform: NodeJS.Platform, path: string): string | undefined => {
  for (const name of browsers[platform] ?? []) {
    const candidates = /[\\/]/.test(name) ? [name] : path.split(delimiter).map((folder) => join(folder, name));
    const found = candidates.find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** What opens a page in the user's default browser. */
const defaultOpener: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  linux: ['xdg-open'],
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/**
 * Opens the window's page in a browser window of its own, or else in the default browser.
 *
 * The page's URL carries the token, and a command line stands in the process list for everybody to read: the browser is
 * started on a file that only this user can read, which leads on.
 *
 * @returns how to remove that file when it has done its work; undefined when there is no browser to be found
 * @throws ProximError `bad_data_dir`
 */
export const openWindow = (options: {
  readonly url: string;
  readonly dataDir: string;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
}): (() => void) | undefined => {
  const { url, dataDir, platform, env } = options;
  const browser = findBrowser(platform, env['PATH'] ?? '');
  const opener = defaultOpener[platform];
  if (browser === undefined && !opener) return undefined;

  ensurePrivateDir(dataDir);
  // A name that nobody can have prepared, and a file that was not there before.
  const file = join(dataDir, `open-${randomBytes(8).toString('hex')}.html`);
  const html = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${url}"><title>Proxim</title>\n`;
  writeFileSync(file, html, { mode: 0o600, flag: 'wx' });
  const remove = (): void => {
    rmSync(file, { force: true });
  };
  const page = pathToFileURL(file).href;

  const start = (command: string, args: readonly string[]): void => {
    const child = spawn(command, args, { detached: true, stdio: 'ignore' });
    child.on('error', () => undefined);
    child.unref();
  };
  if (browser !== undefined) {
    start(browser, [
      `--app=${page}`,
      `--user-data-dir=${join(dataDir, 'window-profile')}`,
      '--window-size=440,720',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Chromium's sandbox does not work for root; whoever runs Proxim as root has given that up already.
      ...(options.isRoot ? ['--no-sandbox'] : []),
    ]);
  } else if (opener) {
    const [command, ...args] = opener;
    start(command, [...args, page]);
  }
  return remove;
};
