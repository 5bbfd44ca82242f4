import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { BrowserContext, Frame } from 'playwright-core';

import { attackFromPage, type Attempt, type Target } from './attacks.js';
import type { HostileBrowser } from './hostile-stage.js';

/** Opens a hostile page for each target, all of them at once, and tells what came of everything that they tried. */
export const attackAll = async (
  context: BrowserContext,
  url: string,
  aims: readonly Target[],
): Promise<readonly Attempt[]> => {
  const attempts = await Promise.all(
    aims.map(async (target) => {
      const page = await context.newPage();
      await page.goto(url);
      const found = await page.evaluate(attackFromPage, target);
      await page.close();
      return found;
    }),
  );
  return attempts.flat();
};

/**
 * Opens a page whose origin is `null`.
 *
 * @param url of the page that the sandboxed frame is in
 * @returns the page's main frame, or the frame in it
 */
export const openWithoutOrigin = async (
  { context, folder }: HostileBrowser,
  where: 'a sandboxed frame' | 'a data: page' | 'a file',
  url: string,
): Promise<Frame> => {
  const page = await context.newPage();
  switch (where) {
    case 'a file': {
      const file = join(folder, 'page.html');
      await writeFile(file, '<!doctype html><title>A page</title><body>');
      await page.goto(pathToFileURL(file).href);
      return page.mainFrame();
    }
    case 'a data: page':
      await page.goto('data:text/html,<body>');
      return page.mainFrame();
    case 'a sandboxed frame':
      await page.goto(url);
      await page.evaluate(() => {
        const frame = Object.assign(document.createElement('iframe'), { srcdoc: '<body>' });
        frame.setAttribute('sandbox', 'allow-scripts allow-forms');
        return new Promise((resolve) => {
          frame.onload = resolve;
          document.body.append(frame);
        });
      });
      return page.frames()[1] ?? page.mainFrame();
  }
  where satisfies never;
};
