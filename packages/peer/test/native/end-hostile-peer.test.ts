import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

let directory = '';

/** Built for Node as it stands: the engine may die, or hang, in a process of its own. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'proxim-peer-'));
  await symlink(here('../../../../node_modules'), join(directory, 'node_modules'));
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@proxim/source'] },
    ssr: { noExternal: true, external: ['node-datachannel', 'ws'], resolve: { conditions: ['@proxim/source'] } },
    build: { ssr: here('end-hostile-peer.ts'), outDir: directory, emptyOutDir: false, target: 'node20', minify: false },
  });
});

afterAll(() => rm(directory, { recursive: true }));

describe('the native engine', () => {
  it('neither hangs nor dies where a connection ends while the other side misuses it', async () => {
    // A hanging thread ends with nothing but this signal.
    const child = spawn(process.execPath, [join(directory, 'end-hostile-peer.js')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 45_000,
      killSignal: 'SIGKILL',
    });
    let said = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    await once(child, 'close');
    expect({ code: child.exitCode, signal: child.signalCode, errors, last: said.trimEnd().split('\n').at(-1) }).toEqual(
      {
        code: 0,
        signal: null,
        errors: '',
        last: 'survived',
      },
    );
  });
});
