// A server is a process of its own: what it costs is what the system says of that process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { hurry } from './hurry.mjs';

const preload = new URL('memory-when-settled.mjs', import.meta.url).href;

/** The next message of a process that has this field. @throws when it ends before */
export const nextMessage = (child, field) =>
  new Promise((resolve, reject) => {
    const onMessage = (message) => {
      if (message?.[field] === undefined) return;
      settle();
      resolve(message[field]);
    };
    const onExit = (code) => {
      settle();
      reject(new Error(`A process has ended (${code}) instead of saying "${field}".`));
    };
    const settle = () => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });

/**
 * Starts a Node program that serves.
 *
 * @param program a URL; it sends `{ port }` to its parent, unless `findPort` finds the port out
 * @returns its port, its pid, how many bytes it holds once it has settled, and how to stop it
 */
export const spawnServer = async (program, { args = [], findPort = (child) => nextMessage(child, 'port') } = {}) => {
  const child = spawn(process.execPath, ['--expose-gc', '--import', preload, fileURLToPath(program), ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  hurry(child.pid, -20);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const port = await findPort(child);
  child.stdout.resume();
  return {
    port,
    pid: child.pid,
    settledBytes: async () => {
      const settled = nextMessage(child, 'settled');
      child.send('settle');
      return settled;
    },
    // At once: nobody waits for its goodbyes.
    stop: async () => {
      process.off('exit', kill);
      const exited = once(child, 'exit');
      kill();
      await exited;
    },
  };
};
