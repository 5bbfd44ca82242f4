// Builds everything that is shipped: validators, packages, the phone's page, the window's page.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runNode } from './run.mjs';

const bin = (name, path) => join(root, 'node_modules', name, path);

await import('./generate-validators.mjs');
runNode(bin('typescript', 'bin/tsc'), ['-b']);
for (const app of ['apps/mobile', 'apps/desktop']) {
  const result = spawnSync(process.execPath, [bin('vite', 'bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: join(root, app),
    stdio: 'inherit',
    // Generating the validators leaves it at `development`, which would build pages with more in them than is shipped.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}
// The package that is published carries the phone's page with it.
const phonePage = join(root, 'apps/desktop/dist/mobile');
rmSync(phonePage, { recursive: true, force: true });
cpSync(join(root, 'apps/mobile/dist'), phonePage, { recursive: true });
await import('./write-notices.mjs');
