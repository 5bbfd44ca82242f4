// `npm run model -- [runs] [seed] [path] [test]`: random faults between a server, a desktop and its phones, many more
// than the tests play. A failure prints its seed and its path; with both, and a word of the test's name, it is played again.
import { join } from 'node:path';
import { root, runNode } from './run.mjs';

const [runs = '5000', seed, path, test] = process.argv.slice(2);

await import('./generate-validators.mjs');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const only = test === undefined ? [] : ['-t', test];
runNode(vitest, ['run', '--project', 'unit', 'packages/peer/test/model', ...only], {
  env: {
    ...process.env,
    PROXIM_MODEL_RUNS: runs,
    ...(seed === undefined ? {} : { PROXIM_MODEL_SEED: seed }),
    ...(path === undefined ? {} : { PROXIM_MODEL_PATH: path }),
  },
});
