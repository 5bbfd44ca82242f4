// A `proxim serve` of its own process, with the limits that count by address or in bursts out of the way.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../apps/desktop/bin/proxim.js', import.meta.url));

/** Everybody comes from 127.0.0.1 through a proxy that names nobody. */
const behindProxy = ['connections-per-address', 'connections', 'sessions'].flatMap((name) => [
  `--max-${name}`,
  '1000000',
]);
const rates = ['address', 'request', 'pair'].flatMap((name) => [
  `--${name}-burst`,
  '1000000',
  `--${name}-rate`,
  '100000',
]);

/** @param args further flags of `proxim serve` */
export const startServer = async (args = []) => {
  const child = spawn(
    process.execPath,
    [program, 'serve', '--json', '--port', '0', ...behindProxy, ...rates, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { port, url } = JSON.parse(line);
  return {
    pid: child.pid,
    port,
    url,
    stop: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    },
  };
};
