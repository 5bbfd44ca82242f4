import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess } from './x-process.js';
import { findWindow, runOnScreen } from './x-screen.js';

/** A real terminal window, in which a program hands on each byte that is typed. */
export interface XTerminal {
  /** The next text of this length in bytes, or as much of it as arrives within `timeoutMs`. */
  read(bytes: number, timeoutMs?: number): Promise<string>;
  close(): Promise<void>;
}

const reader = `
process.stdin.setRawMode(true);
const socket = require('node:net').connect(process.argv[1], () => process.stdin.pipe(socket));
socket.on('close', () => process.exit(0)).on('error', () => process.exit(1));
`;

/** Starts openbox; resolves when it manages the screen's windows. */
export const startWindowManager = async (display: string): Promise<{ stop(): Promise<void> }> => {
  const child = spawn('openbox', ['--startup', 'echo ready'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, DISPLAY: display },
  });
  await once(child.stdout, 'data');
  // Asked to end, openbox may take ten seconds after a change of the keyboard layout; it has nothing to save.
  return { stop: () => endProcess(child, 'SIGKILL') };
};

/** Starts xterm on a screen without other windows, with a window manager or none; resolves when it has the keyboard. */
export const startTerminal = async (display: string): Promise<XTerminal> => {
  const directory = await mkdtemp(join(tmpdir(), 'proxim-terminal-'));
  const path = join(directory, 'bytes');
  const server = createServer();
  server.listen(path);
  await once(server, 'listening');
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const child = spawn('xterm', ['-u8', '-e', process.execPath, '-e', reader, path], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: display, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
  });
  const socket = await connected;
  // Openbox gives the keyboard to a new window only if somebody has used the screen before; without it, nobody does.
  await runOnScreen(display, 'xdotool', 'windowfocus', '--sync', await findWindow(display, '--class', 'xterm'));

  let received = Buffer.alloc(0);
  let arrived: () => void = () => undefined;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    arrived();
  });
  return {
    read: async (bytes, timeoutMs = 5000) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      await new Promise<void>((resolve) => {
        arrived = () => {
          if (received.length >= bytes) resolve();
        };
        deadline.addEventListener('abort', () => {
          resolve();
        });
        arrived();
      });
      const text = received.subarray(0, bytes).toString('utf8');
      received = received.subarray(bytes);
      return text;
    },
    close: async () => {
      socket.destroy();
      await endProcess(child);
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
};
