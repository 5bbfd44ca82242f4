import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import { onTestFinished } from 'vitest';

/** A nats-server of the test's own, on 127.0.0.1. */
export interface NatsProcess {
  readonly url: string;
  /** Where other NATS servers of its cluster find it, if it has one. */
  readonly clusterUrl: string | undefined;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port. */
  restart(): Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const start = async (port: number, configured: readonly string[]): Promise<ChildProcess> => {
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port), ...configured], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Server is ready')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`nats-server ended: ${said}`));
    });
  });
  return child;
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
};

/** Starts one that ends with the test, or with `endLater` where that is given; `config` in the words of NATS. */
export const startNats = async (
  endLater: (end: () => Promise<void>) => void = onTestFinished,
  config = '',
): Promise<NatsProcess> => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'proxim-nats-'));
  const file = join(folder, 'nats.conf');
  writeFileSync(file, config);
  const configured = ['-c', file];
  let child = await start(port, configured);
  endLater(async () => {
    await end(child);
    rmSync(folder, { recursive: true });
  });
  return {
    url: `nats://127.0.0.1:${String(port)}`,
    clusterUrl: /listen: "(127[^"]+)"/.exec(config)?.[1]?.replace(/^/, 'nats://'),
    kill: () => end(child),
    restart: async () => {
      await end(child);
      child = await start(port, configured);
    },
  };
};

/** The configuration of a member of a cluster, which finds the others by one of them. */
export const clusterMember = async (other?: string): Promise<string> => {
  const routes = other === undefined ? '' : `routes: ["${other.replace('nats:', 'nats-route:')}"]`;
  return `cluster { name: test, listen: "127.0.0.1:${String(await freePort())}", ${routes} }`;
};

/** A wire to a NATS server that can be cut: one node alone is parted from the others. */
export interface Wire {
  readonly url: string;
  cut(): void;
  mend(): void;
  /** Nothing comes through either way, and nobody is told: as if the machine were gone. */
  freeze(): void;
  /** Nothing comes through to the server, and what it says does. */
  deafen(): void;
  thaw(): void;
}

export const layWire = async (url: string): Promise<Wire> => {
  const target = Number(new URL(url).port);
  const sockets = new Set<Socket>();
  const pairs = new Map<Socket, Socket>();
  const clients = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    clients.add(client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      pairs.set(socket, other);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        pairs.delete(socket);
        clients.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const end = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    end();
  });
  return {
    url: `nats://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    cut: () => {
      isCut = true;
      end();
    },
    mend: () => {
      isCut = false;
    },
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    deafen: () => {
      for (const client of clients) client.unpipe().pause();
    },
    thaw: () => {
      for (const [socket, other] of pairs) socket.pipe(other);
    },
  };
};
