// Starts the clients' processes. What they measure goes before them, and they go before everybody else.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { hurry } from './servers/hurry.mjs';
import { nextMessage } from './servers/spawn-server.mjs';

const program = fileURLToPath(new URL('clients-process.mjs', import.meta.url));
let started = 0;

/**
 * One process of clients, which does one job at a time.
 *
 * @returns `connect`, `disconnect`, `relay` and `introduce`, as `clients-process.mjs` has them, and `stop`
 */
export const startClients = () => {
  const child = fork(program);
  hurry(child.pid, -10);
  process.once('exit', () => child.kill('SIGKILL'));
  // Each process has addresses of its own.
  started += 1;
  const net = 16 + (started % 100) * 2;
  const ask = (job) => async (options) => {
    const result = nextMessage(child, 'result');
    child.send({ job, net, ...options });
    return result;
  };
  return {
    connect: ask('connect'),
    disconnect: ask('disconnect'),
    relay: ask('relay'),
    introduce: ask('introduce'),
    stop: async () => {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
};
