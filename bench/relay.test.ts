import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

interface Report {
  readonly results: readonly {
    readonly name: string;
    readonly frames: number;
    readonly paced: { readonly microsPerFrame: number };
    readonly pressed: { readonly microsPerFrame: number };
  }[];
}

it('[SG2] every signal arrives as it was sent, in its order, at a pace and at full speed; what it costs is measured', async () => {
  const file = fileURLToPath(new URL('relay.mjs', import.meta.url));
  const args = ['--json', '--seconds', '0.3', '--rounds', '1', '--pairs', '20', '--rate', '1000'];
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args]);
  const { results } = JSON.parse(stdout) as Report;
  expect(results.map(({ name }) => name)).toEqual(['bare ws', 'bare ws, taking turns', 'proxim serve']);
  for (const { name, frames, paced, pressed } of results) {
    // Two phases at the pace, and as many frames more as went through.
    expect(frames, name).toBeGreaterThan(600);
    expect(paced.microsPerFrame, name).toBeGreaterThan(0);
    expect(pressed.microsPerFrame, name).toBeGreaterThan(0);
  }
});
