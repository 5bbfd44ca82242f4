import type { Check } from '../check.js';
import { ok, warning } from '../finding.js';

const install: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Use the terminal alone with --no-open, or install one: `sudo apt install chromium`',
};

/** Whether there is a browser that shows Proxim's window. @param options `find` gives the file of one */
export const browserCheck = (options: {
  readonly platform: NodeJS.Platform;
  readonly find: () => string | undefined;
}): Check => ({
  name: 'browser',
  run: () => {
    const file = options.find();
    return Promise.resolve(
      file === undefined
        ? warning(
            'There is neither Chromium nor Chrome, Edge or Brave: the window opens as a tab of the default browser, if at all.',
            install[options.platform] ?? 'Install one of them, or use the terminal alone with --no-open.',
          )
        : ok(`The window opens with ${file}.`),
    );
  },
});
