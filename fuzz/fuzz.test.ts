import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

it('whatever others send is read or refused: all former failures, and eight seconds of new inputs', async () => {
  const run = fileURLToPath(new URL('run.mjs', import.meta.url));
  const said = await promisify(execFile)(process.execPath, [run, '--seed', '1', '--minutes', '0.13']).then(
    ({ stdout }) => stdout,
    // The output names the input, and how to play it again.
    (failed: unknown) => (failed instanceof Error && 'stdout' in failed ? String(failed.stdout) : String(failed)),
  );
  expect(said.trim().split('\n').at(-1), said).toBe('Nothing was found.');
});
