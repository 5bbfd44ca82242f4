// The program of the clients' process: holds pairs of connections to servers, and relays and pairs over them on demand.
import { setTimeout as after } from 'node:timers/promises';

import { Load } from '../relay-load.mjs';
import { introduceFor } from './introductions.mjs';
import { servers } from './servers/index.mjs';

/** Connections that are being made at the same time. */
const lanes = 32;
/** What there is at each server, by its port. */
const held = new Map();
let opened = 0;

/** An address for each pair, as one household has: no server ever sees many connections of one. */
const nextAddress = (net) => {
  opened += 1;
  return `127.${net + (Math.floor(opened / 62_500) % 2)}.${Math.floor(opened / 250) % 250}.${1 + (opened % 250)}`;
};

/** A connection that ends before it is told to makes every figure wrong. */
const watch = ({ socket }, crowd) => {
  socket.on('error', () => undefined);
  socket.on('close', (code) => {
    if (!crowd.isLeaving) throw new Error(`A server has closed a connection (${code}).`);
  });
};

const connect = async ({ name, port, count, net }) => {
  const crowd = { pairs: [], load: undefined, isLeaving: false };
  held.set(port, crowd);
  let begun = 0;
  const lane = async () => {
    while (begun < count) {
      begun += 1;
      const pair = await servers[name].connectPair(port, nextAddress(net));
      for (const end of pair) watch(end, crowd);
      crowd.pairs.push(pair);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return {};
};

const disconnect = async ({ port }) => {
  const crowd = held.get(port);
  held.delete(port);
  crowd.isLeaving = true;
  for (const { socket } of crowd.pairs.flat()) socket.terminate();
  await after(100);
  return {};
};

const relay = async ({ port, rate, seconds }) => {
  const crowd = held.get(port);
  crowd.load ??= new Load(crowd.pairs);
  const before = crowd.load.received;
  await crowd.load.pace({ rate, seconds });
  return { messages: crowd.load.received - before };
};

const introduce = ({ name, port, seconds, lanes: width, net }) =>
  introduceFor({ introduce: () => servers[name].introduce(port, nextAddress(net)), seconds, lanes: width });

const jobs = { connect, disconnect, relay, introduce };

process.on('message', async ({ job, ...options }) => {
  process.send({ result: await jobs[job](options) });
});
process.once('disconnect', () => process.exit());
