// `npm start`: from a fresh clone to the QR code.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './install.mjs';
import { root, runNode } from './run.mjs';

/** The newest change below a folder, in milliseconds; build output does not count. */
const newest = (folder) => {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (['node_modules', 'dist', 'dist-types', 'generated', 'test'].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
};

installPackages();
const built = join(root, 'apps/desktop/dist/mobile/index.html');
const sources = Math.max(newest(join(root, 'packages')), newest(join(root, 'apps')));
if (!existsSync(built) || statSync(built).mtimeMs < sources) {
  console.error('Building …');
  runNode(join(root, 'scripts/build.mjs'), [], { stdio: ['ignore', 2, 2] });
}
// In this very process: the terminal's keys and signals reach the program itself.
process.argv.splice(1, 1, join(root, 'apps/desktop/bin/proxim.js'));
await import('../apps/desktop/bin/proxim.js');
