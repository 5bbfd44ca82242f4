import { createHash } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The longest path that every system takes for a socket (`sockaddr_un.sun_path`, of which macOS has 104 bytes). */
const maxSocketPath = 96;

/** Where whoever works with a data directory listens: the system itself takes it away when that program ends. */
const lockPath = (dataDir: string, platform: NodeJS.Platform): string => {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 32);
  if (platform === 'win32') return `\\\\.\\pipe\\proxim-${name}`;
  const inside = join(resolve(dataDir), 'running.sock');
  return Buffer.byteLength(inside) <= maxSocketPath ? inside : join(tmpdir(), `proxim-${name}.sock`);
};

const listen = (path: string): Promise<Server> =>
  new Promise((done, fail) => {
    // Nothing is said here: that somebody answers is all that there is to know.
    const server = createServer((socket) => socket.destroy());
    server.once('error', fail);
    server.listen(path, () => {
      server.unref();
      done(server);
    });
  });

const answers = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => {
      done(false);
    });
  });

const isInUse = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/**
 * Takes away what a program left behind that was killed. Of several who find it at once, none takes away what another
 * one has begun to listen at since.
 *
 * @returns false when somebody listens there by now
 */
const takeAway = async (path: string): Promise<boolean> => {
  const aside = `${path}.old`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
  const isAlive = await answers(aside);
  if (isAlive) renameSync(aside, path);
  else rmSync(aside, { force: true });
  return !isAlive;
};

/** A data directory that no other running program of this kind works with. */
export interface DataDirLock {
  release(): Promise<void>;
}

/**
 * Takes a data directory for this program alone, so that two of them do not overwrite what the other one keeps.
 *
 * @returns undefined when another running Proxim has it
 * @throws Error when the system has no such thing as a lock there
 */
export const lockDataDir = async (dataDir: string, platform: NodeJS.Platform): Promise<DataDirLock | undefined> => {
  const path = lockPath(dataDir, platform);
  let server: Server;
  try {
    server = await listen(path);
  } catch (error) {
    if (!isInUse(error)) throw error;
    if (await answers(path)) return undefined;
    if (!(await takeAway(path))) return undefined;
    try {
      server = await listen(path);
    } catch (second) {
      if (isInUse(second)) return undefined;
      throw second;
    }
  }
  return {
    release: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
      }),
  };
};
