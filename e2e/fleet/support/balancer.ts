import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Somewhere that a connection can be led to. */
export interface Target {
  readonly port: number;
  readonly isUp: boolean;
}

/** What stands before the nodes of a fleet: one port, and each connection goes to the first of its targets that answers. */
export interface Balancer {
  readonly port: number;
  /** How many connections stand at this moment. */
  connections(): number;
  close(): Promise<void>;
}

const tie = (client: Socket, upstream: Socket): void => {
  client.pipe(upstream);
  upstream.pipe(client);
  for (const [stream, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    stream.on('error', () => undefined);
    stream.on('close', () => other.destroy());
  }
};

/** Tries the targets in their order; a node that is gone refuses at once. */
const lead = (client: Socket, [target, ...others]: readonly Target[]): void => {
  if (!target || client.destroyed) {
    client.destroy();
    return;
  }
  const upstream = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
  const onError = (): void => {
    lead(client, others);
  };
  upstream.once('error', onError);
  upstream.once('connect', () => {
    upstream.off('error', onError);
    tie(client, upstream);
  });
};

/** @param order the targets for the next connection, the best first */
export const startBalancer = async (order: () => readonly Target[]): Promise<Balancer> => {
  const clients = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    lead(
      client,
      order().filter(({ isUp }) => isUp),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => clients.size,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const client of clients) client.destroy();
      await closed;
    },
  };
};
