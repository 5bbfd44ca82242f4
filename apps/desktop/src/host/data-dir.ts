import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ProximError } from '@proxim/protocol';

/** Where the platform wants a program's data of one user to be. */
export const defaultDataDir = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string => {
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Proxim');
    case 'win32':
      return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Proxim');
    default:
      return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'proxim');
  }
};

/**
 * Makes a folder that this user alone can look into, or makes an existing one so.
 *
 * @throws ProximError `bad_data_dir`
 */
export const ensurePrivateDir = (folder: string): void => {
  try {
    makeWithParents(folder);
    chmodSync(folder, 0o700);
  } catch (cause) {
    throw new ProximError('bad_data_dir', `--data-dir: the folder ${folder} cannot be made or used.`, { cause });
  }
};

/** Step by step: "recursive" does not come to an end where a file system accepts no folders at all, such as /proc. */
const makeWithParents = (folder: string): void => {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error('not a folder');
    return;
  }
  const parent = dirname(folder);
  if (parent !== folder) makeWithParents(parent);
  mkdirSync(folder, { mode: 0o700 });
};
