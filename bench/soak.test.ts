import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

it('sixty sessions are made, used and ended in each way, and nothing is left behind', async () => {
  const file = fileURLToPath(new URL('soak.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', file, '60']);
  expect(stdout.trim().split('\n').at(-1)).toBe('60 sessions, and nothing was left behind.');
});
