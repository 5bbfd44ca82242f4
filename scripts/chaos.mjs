// `npm run chaos -- [--seconds 300] [--sessions 500] [--seed N]`: three nodes and NATS, killed and started again at random,
// while sessions are made and phones pair. Each is connected at the end, or was told why; says how many.
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { installPackages } from './install.mjs';
import { root, runNode } from './run.mjs';
import { installSystemTools } from './system-tools.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, sessions: { type: 'string' }, seed: { type: 'string' } },
});
for (const [name, value] of Object.entries(values)) process.env[`PROXIM_CHAOS_${name.toUpperCase()}`] = value;

installPackages();
installSystemTools();
runNode(join(root, 'scripts/build.mjs'));
runNode(join(root, 'node_modules/vitest/vitest.mjs'), ['run', '--project', 'chaos']);
