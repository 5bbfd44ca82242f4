import type { Clock } from '@proxim/protocol';

import { fixedPrograms } from './fixed-programs.js';
import { logind } from './linux/logind.js';
import { macosPrograms } from './macos/macos-programs.js';
import type { RunProgram } from './run-program.js';
import type { SystemBackend } from './system-backend.js';
import { windowsPrograms } from './windows/windows-programs.js';

/**
 * What this platform locks, sleeps, restarts and shuts down through; it may turn out to be able to do nothing.
 *
 * @param options `platform` as `process.platform`
 */
export const selectSystemBackend = (options: {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: RunProgram;
  readonly clock: Clock;
}): SystemBackend => {
  const { platform, env, run, clock } = options;
  switch (platform) {
    case 'linux':
      return logind(run, clock);
    case 'darwin':
      return fixedPrograms('macos', macosPrograms, run);
    case 'win32':
      return fixedPrograms('windows', windowsPrograms(env['SystemRoot'] ?? 'C:\\Windows'), run);
    default:
      return fixedPrograms('none', {}, run);
  }
};
