import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endProcess } from '../../apps/desktop/test/support/x-process.js';
import type { LabHost } from './lab.js';
import { inNamespace } from './proxim.js';

export interface Coturn {
  /** Host and port, as they stand in a `stun:` or `turn:` URL. */
  readonly at: string;
  /** Its log so far. */
  said(): string;
  stop(): Promise<void>;
}

const port = 3478;

/** Starts a coturn of the test's own on a host of the lab; Debian's service, if there is one, is not touched. */
export const startCoturn = async (host: LabHost, settings: readonly string[]): Promise<Coturn> => {
  const folder = await mkdtemp(join(tmpdir(), 'proxim-coturn-'));
  const config = join(folder, 'turnserver.conf');
  await writeFile(
    config,
    [
      `listening-ip=${host.address}`,
      `listening-port=${String(port)}`,
      'no-tls',
      'no-dtls',
      'no-cli',
      'log-file=stdout',
      'simple-log',
      'verbose',
      `pidfile=${join(folder, 'pid')}`,
      `userdb=${join(folder, 'users')}`,
      ...settings,
      '',
    ].join('\n'),
  );
  const [command = '', ...args] = inNamespace(host.namespace, ['turnserver', '-c', config]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], cwd: folder });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('UDP listener opened on')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`turnserver ended first. It said: ${said}`));
    });
  });
  return {
    at: `${host.address}:${String(port)}`,
    said: () => said,
    stop: async () => {
      await endProcess(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
