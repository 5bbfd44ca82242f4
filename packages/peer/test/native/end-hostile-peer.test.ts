import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type BuiltProgram, buildForNode } from '../stage/build-for-node.js';

/** They may die, or hang, in processes of their own. */
let hostile: BuiltProgram;
let engine: BuiltProgram;

beforeAll(async () => {
  hostile = await buildForNode(new URL('end-hostile-peer.ts', import.meta.url));
  engine = await buildForNode(new URL('../../src/node/engine-process.ts', import.meta.url));
});

afterAll(async () => {
  await hostile.remove();
  await engine.remove();
});

describe.each([
  ['the native engine', () => []],
  ['the native engine in a process of its own', () => [engine.path]],
])('%s', (_, args) => {
  it('neither hangs nor dies where a connection ends while the other side misuses it', async () => {
    // A hanging thread ends with nothing but this signal.
    const child = spawn(process.execPath, [hostile.path, ...args()], {
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
  }, 60_000);
});
