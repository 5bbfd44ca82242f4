// `npm run fuzz`: builds the fuzzers from the sources as they stand, for the phone's page has no build for Node, and runs
// them. Takes --frames N or --minutes N, --seed N, --target NAME, --from N.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await import('../scripts/generate-validators.mjs');
await build({
  configFile: false,
  root: here('.'),
  logLevel: 'error',
  resolve: { conditions: ['@proxim/source'] },
  ssr: { noExternal: true, external: ['node-datachannel', 'ws'], resolve: { conditions: ['@proxim/source'] } },
  build: {
    ssr: true,
    outDir: here('dist'),
    target: 'node20',
    minify: false,
    rollupOptions: {
      input: { main: here('main.ts'), engine: here('../packages/peer/test/native/feed-engine.ts') },
      output: { entryFileNames: '[name].js' },
    },
  },
});
const { status, signal } = spawnSync(
  process.execPath,
  ['--expose-gc', here('dist/main.js'), here('seeds'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
if (signal) console.log(`The fuzzers were ended by ${signal}.`);
process.exitCode = status ?? 1;
