import { onTestFinished } from 'vitest';

import { type Command, event, runProxim } from '../../../apps/desktop/test/support/command.js';
import { type NatsProcess, startNats } from '../../../packages/signaling/test/nats-process.js';
import { type Balancer, startBalancer, type Target } from './balancer.js';

/** One `proxim serve` of the fleet. */
export interface FleetNode extends Target {
  readonly url: string;
  /** As when its machine loses its power. */
  kill(): Promise<void>;
  /** SIGTERM: it says goodbye. Resolves with its exit status. */
  drain(): Promise<number | null>;
  /** Another process in its place, on a port of its own. */
  restart(): Promise<void>;
  errors(): string;
}

export interface Fleet {
  readonly nats: NatsProcess;
  readonly nodes: readonly [FleetNode, FleetNode, FleetNode];
  /** A port whose connections go to these nodes, the first that is up. */
  through(...order: readonly FleetNode[]): Promise<Balancer>;
}

/** Everybody in these tests comes from one address. */
const oneAddress = [
  ...['--max-connections-per-address', '100000', '--request-burst', '1000000', '--pair-burst', '1000000'],
  ...['--address-burst', '1000000', '--signal-burst', '10000'],
];

const startNode = async (nats: string, flags: readonly string[]): Promise<FleetNode> => {
  let command: Command;
  let port = 0;
  let isUp = false;
  const start = async (): Promise<void> => {
    command = runProxim(['serve', '--json', '--port', '0', '--nats', nats, ...oneAddress, ...flags]);
    port = Number((await command.next(event('listening')))['port']);
    isUp = true;
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    // Who comes from now on is led elsewhere, as a balancer does that asks whether a node is ready.
    isUp = false;
    return await command.stop(signal);
  };
  await start();
  onTestFinished(() => void command.stop('SIGKILL'));
  return {
    get port() {
      return port;
    },
    get isUp() {
      return isUp;
    },
    get url() {
      return `ws://127.0.0.1:${String(port)}/signal`;
    },
    kill: async () => {
      await end('SIGKILL');
    },
    drain: () => end('SIGTERM'),
    restart: async () => {
      await end('SIGKILL');
      await start();
    },
    errors: () => command.errors(),
  };
};

/** Three nodes and a NATS server, all real processes. */
export const startFleet = async (flags: readonly string[] = []): Promise<Fleet> => {
  const nats = await startNats();
  const [first, second, third] = await Promise.all([
    startNode(nats.url, flags),
    startNode(nats.url, flags),
    startNode(nats.url, flags),
  ]);
  return {
    nats,
    nodes: [first, second, third],
    through: async (...order) => {
      const balancer = await startBalancer(() => order);
      onTestFinished(() => balancer.close());
      return balancer;
    },
  };
};
