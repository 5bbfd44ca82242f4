// Brings node_modules in line with the lock file, and only when it is not.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const modified = (file) => (existsSync(join(root, file)) ? statSync(join(root, file)).mtimeMs : 0);

/** Installs the npm packages unless those of this lock file are there. */
export const installPackages = () => {
  const installed = modified('node_modules/.package-lock.json');
  if (installed > 0 && installed >= modified('package-lock.json')) return;
  // Not `npm ci`: it refuses a lock file that lacks optional packages for other platforms, as one has that was written
  // where the registry does not carry them all. The versions are the lock file's, and it stays as it is.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', args, { shell: process.platform === 'win32' });
};
