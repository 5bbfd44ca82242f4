import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

interface Report {
  readonly failures: readonly string[];
  readonly results: readonly {
    readonly name: string;
    readonly abuse: { readonly sockets: number; readonly ended: number; readonly acts: number };
    readonly signal: { readonly completed: number };
    readonly pairing: { readonly completed: number };
  }[];
}

it('[LI9] honest phones pair and signal while two hundred connections flood, and the floods are ended', async () => {
  const file = fileURLToPath(new URL('abuse.mjs', import.meta.url));
  const floods = ['frames that are too large', 'fragments without end'];
  const { stdout } = await promisify(execFile)(process.execPath, [
    file,
    ...['--json', '--seconds', '1', '--rounds', '1', '--pairs', '5'],
    ...floods,
  ]);
  const { results, failures } = JSON.parse(stdout) as Report;
  expect(failures).toEqual([]);
  expect(results.map(({ name }) => name)).toEqual(floods);
  for (const { name, abuse, signal, pairing } of results) {
    expect(abuse.sockets, name).toBeGreaterThanOrEqual(200);
    expect(abuse.ended, name).toBeGreaterThan(0);
    expect(signal.completed, name).toBeGreaterThan(0);
    expect(pairing.completed, name).toBeGreaterThan(0);
  }
});
