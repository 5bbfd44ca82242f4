// What a relayed message costs when the desktop and its phone are at different nodes of a cluster, against one node alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { measureRelay } from '../relay-measure.mjs';
import { pairAt, proxim, startServe } from '../relay-servers.mjs';
import { freePort } from '../scaling/free-port.mjs';

const rate = 4000;

const startNats = async () => {
  const port = await freePort();
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let said = '';
  while (!said.includes('Server is ready')) {
    const [text] = await Promise.race([
      once(child.stderr.setEncoding('utf8'), 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error(`nats-server ended: ${said}`))),
      once(child, 'error').then(([error]) => Promise.reject(error)),
    ]);
    said += text;
  }
  return {
    url: `nats://127.0.0.1:${port}`,
    pid: child.pid,
    stop: async () => {
      process.off('exit', kill);
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** So many nodes and a NATS server; `withNats` counts what that one spends as well. No pair has both ends at one node. */
const cluster = (count, { withNats = false } = {}) => {
  let next = 0;
  return {
    name: `${count} nodes${withNats ? ' and NATS' : ''}`,
    start: async () => {
      const nats = await startNats();
      const nodes = await Promise.all(Array.from({ length: count }, () => startServe('--nats', nats.url)));
      return {
        port: nodes.map(({ port }) => port),
        pids: [...nodes.map(({ pid }) => pid), ...(withNats ? [nats.pid] : [])],
        stop: async () => {
          await Promise.all(nodes.map(({ stop }) => stop()));
          await nats.stop();
        },
      };
    },
    connectPair: (ports) => {
      next += 1;
      return pairAt(ports[next % count], ports[(next + 1) % count]);
    },
  };
};

/** @returns the figures of clusters of two and of three nodes, with so many pairs each */
export const measureCluster = async ({ seconds, rounds, pairs = 200 }) => {
  const servers = [proxim, cluster(2), cluster(3), cluster(2, { withNats: true })];
  const [one, two, three, withNats] = await measureRelay({ seconds, rounds, pairs, rate, servers });
  const cost = (id, what, measured, target) => ({
    id,
    what,
    against: 'one node',
    unit: 'µs',
    ours: measured.paced.microsPerFrame,
    theirs: one.paced.microsPerFrame,
    target,
  });
  const added = (id, what, measured) => ({
    id,
    what,
    against: 'a millisecond',
    unit: 'ms',
    ours: Math.max(0, measured.p50 - one.p50),
    theirs: 1,
    target: 1,
  });
  return [
    cost('cluster-2', 'processor for a message between two nodes, both counted', two, 1.5),
    cost('cluster-3', 'the same among three nodes', three, 1.5),
    cost('cluster-nats', 'the same between two nodes, with what NATS spends', withNats),
    added('cluster-2-p50', 'what its way takes longer between two nodes, p50', two),
    added('cluster-3-p50', 'the same among three nodes', three),
  ];
};
