import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

/** A program of this package, as JavaScript. */
export interface BuiltProgram {
  readonly path: string;
  remove(): Promise<void>;
}

/** Builds a program from the sources as they stand, so that it can run, and die, in a process of its own. */
export const buildForNode = async (source: URL): Promise<BuiltProgram> => {
  const directory = await mkdtemp(join(tmpdir(), 'proxim-peer-'));
  const entry = fileURLToPath(source);
  await symlink(fileURLToPath(new URL('../../../../node_modules', import.meta.url)), join(directory, 'node_modules'));
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@proxim/source'] },
    ssr: { noExternal: true, external: ['node-datachannel', 'ws'], resolve: { conditions: ['@proxim/source'] } },
    build: { ssr: entry, outDir: directory, emptyOutDir: false, target: 'node20', minify: false },
  });
  return {
    path: join(directory, basename(entry).replace(/\.ts$/, '.js')),
    remove: () => rm(directory, { recursive: true }),
  };
};
