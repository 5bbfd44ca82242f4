// Many pairs of connections at one server. A process has 20,000 descriptors here, so that the clients are of several.
import { setTimeout as after } from 'node:timers/promises';

import { startClients } from './clients.mjs';
import { servers } from './servers/index.mjs';

/** Pairs of connections of one process of clients. */
const pairsOfProcess = 4500;
/** Pairs that come and go before anything is measured: what is loaded and compiled with the first is no pair's. */
const warmUpPairs = 200;

/** Processes of clients for so many pairs in all. */
export const startCrowd = (pairs) => Array.from({ length: Math.ceil(pairs / pairsOfProcess) }, startClients);

/**
 * Starts a server and connects so many pairs to it, each from an address of its own.
 *
 * @returns the server, with the bytes that each pair takes of its memory
 */
export const gather = async ({ name, pairs, crowd, settleSeconds }) => {
  const server = await servers[name].start();
  const { port } = server;
  await crowd[0].connect({ name, port, count: Math.min(pairs, warmUpPairs) });
  await crowd[0].disconnect({ port });
  await after(settleSeconds * 1000);
  const empty = await server.settledBytes();
  await Promise.all(
    crowd.map((clients, index) => {
      const count = Math.floor(pairs / crowd.length) + (index < pairs % crowd.length ? 1 : 0);
      return clients.connect({ name, port, count });
    }),
  );
  await after(settleSeconds * 1000);
  const full = await server.settledBytes();
  return { ...server, pairs, bytes: full - empty };
};

/** Ends the server's connections at their clients, and the server. */
export const dissolve = async ({ port, stop }, crowd) => {
  await Promise.all(crowd.map((clients) => clients.disconnect({ port })));
  await stop();
};
