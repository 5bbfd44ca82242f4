import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endProcess } from '../../apps/desktop/test/support/x-process.js';
import type { LabHost } from './lab.js';
import { inNamespace } from './proxim.js';

export interface StunServer {
  /** For `--ice-server`. */
  readonly url: string;
  stop(): Promise<void>;
}

const port = 3478;

/** Starts a STUN server of the test's own on a host of the lab; its service, if there is one, is not touched. */
export const startStunServer = async (host: LabHost): Promise<StunServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'proxim-stun-'));
  const config = join(folder, 'turnserver.conf');
  await writeFile(
    config,
    [
      `listening-ip=${host.address}`,
      `listening-port=${String(port)}`,
      'stun-only',
      'no-tls',
      'no-dtls',
      'no-cli',
      'log-file=stdout',
      'simple-log',
      'verbose',
      `pidfile=${join(folder, 'pid')}`,
      `userdb=${join(folder, 'users')}`,
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
    url: `stun:${host.address}:${String(port)}`,
    stop: async () => {
      await endProcess(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
