// Many seed clients in one process, each from an address of its own, that cost as little as they can.
import { once } from 'node:events';

import { WebSocket } from 'ws';

/** Addresses as there are people: nobody's limits are touched by another's. */
const addressOf = (net, index) => `127.${net}.${Math.floor(index / 250)}.${1 + (index % 250)}`;

/** How many handshakes are under way at a time. */
const atOnce = 50;

/** Does `work` for each index below `count`, a few at a time. */
export const forEachOf = async (count, work) => {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
};

/** Opens so many connections. Each frame that comes goes to the client's `onFrame`, when it has one. */
export const openCrowd = async (count, { url, net, ...options }) => {
  const crowd = [];
  await forEachOf(count, async (index) => {
    const socket = new WebSocket(url, { localAddress: addressOf(net, index), perMessageDeflate: false, ...options });
    const client = { socket, onFrame: undefined };
    socket.on('message', (data) => client.onFrame?.(data.toString()));
    socket.on('error', () => undefined);
    await once(socket, 'open');
    crowd[index] = client;
  });
  return crowd;
};

/** Sends a message, and waits for a frame of this type. */
export const ask = (client, message, type, other = client) =>
  new Promise((resolve, reject) => {
    other.onFrame = (text) => {
      if (text.includes(`"type":"${type}"`)) resolve(JSON.parse(text));
      else if (text.includes('"type":"error"')) reject(new Error(text));
    };
    client.socket.send(JSON.stringify(message));
  });

export const endCrowd = async (crowd) => {
  await Promise.all(
    crowd.map(async ({ socket }) => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    }),
  );
};
