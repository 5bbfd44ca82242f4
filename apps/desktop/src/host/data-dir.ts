import { join } from 'node:path';

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
