import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Issued } from './certificate-authority.js';
import { endProcess } from './x-process.js';

const shipped = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../deploy/${name}`, import.meta.url)), 'utf8');

/** Replaces what has to be there, or fails: a file that says something else is not tested by this. */
const replaced = (text: string, changes: readonly (readonly [string, string])[]): string =>
  changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the shipped file does not say: ${from}`);
    return changed.replaceAll(from, to);
  }, text);

/** A port of 127.0.0.1 that nobody listens at just now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** Resolves when somebody listens there; rejects when the program has ended before. */
const listening = async (port: number, child: ChildProcess): Promise<void> => {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the proxy ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
  }
};

/** A node behind the proxy: where it serves, and where it says whether it is ready. */
export interface Node {
  readonly port: number;
  readonly metricsPort: number;
}

/** A proxy as it is shipped, on ports of the test's own. */
export interface FleetProxy {
  readonly port: number;
  stop(): Promise<void>;
}

interface Kind {
  readonly file: string;
  readonly changes: (port: number, folder: string, certificate: Issued) => readonly (readonly [string, string])[];
  readonly check: readonly string[];
  readonly run: readonly string[];
}

export const proxyKinds = {
  nginx: {
    file: 'nginx.conf',
    changes: (port, folder, { cert, key }) => [
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['listen [::]:443 ssl backlog=1024;', ''],
      ['/etc/proxim/tls/fullchain.pem', cert],
      ['/etc/proxim/tls/privkey.pem', key],
      ['/run/nginx.pid', join(folder, 'pid')],
      ['/var/log/nginx/error.log', join(folder, 'error.log')],
      ['worker_processes auto', 'worker_processes 1'],
      ['worker_rlimit_nofile 262144', 'worker_rlimit_nofile 4096'],
      ['worker_connections 131072', 'worker_connections 2048'],
      // Debian's are below /var/lib, which is not everybody's to write to.
      [
        'server_tokens off;',
        ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`).join(' '),
      ],
    ],
    check: ['nginx', '-t', '-c'],
    run: ['nginx', '-g', 'daemon off;', '-c'],
  },
  haproxy: {
    file: 'haproxy.cfg',
    changes: (port, folder) => [
      ['bind :443', `bind 127.0.0.1:${port}`],
      ['/etc/proxim/tls/relay.pem', join(folder, 'relay.pem')],
      ['maxconn 200000', 'maxconn 1000'],
    ],
    check: ['haproxy', '-c', '-f'],
    run: ['haproxy', '-db', '-f'],
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** Starts the proxy of the shipped file in front of these two nodes. */
export const startFleetProxy = async (
  kind: keyof typeof proxyKinds,
  certificate: Issued,
  nodes: readonly [Node, Node],
): Promise<FleetProxy> => {
  const { file, changes, check, run }: Kind = proxyKinds[kind];
  const folder = mkdtempSync(join(tmpdir(), 'proxim-proxy-'));
  const port = await freePort();
  const ports: (readonly [string, string])[] = nodes.map((node, index) => [
    `127.0.0.1:${47800 + index}`,
    `127.0.0.1:${node.port}`,
  ]);
  if (kind === 'haproxy') {
    nodes.forEach(({ metricsPort }, index) => ports.push([`port ${47900 + index}`, `port ${metricsPort}`]));
    writeFileSync(
      join(folder, 'relay.pem'),
      `${readFileSync(certificate.cert, 'utf8')}${readFileSync(certificate.key, 'utf8')}`,
    );
  }
  const config = join(folder, file);
  writeFileSync(config, replaced(shipped(file), [...changes(port, folder, certificate), ...ports]));
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
  const [checker = '', ...checkArgs] = check;
  execFileSync(checker, [...checkArgs, config], { env, stdio: 'pipe' });
  const [command = '', ...args] = run;
  const child = spawn(command, [...args, config], { env, stdio: 'ignore' });
  await listening(port, child);
  return {
    port,
    stop: async () => {
      await endProcess(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
