// A forwarder of `ws` and nothing else: what the library and the system cost.
import { randomBytes, randomUUID } from 'node:crypto';

import { countedFrames, offer } from '../../relay-frames.mjs';
import { openSocket } from './client-socket.mjs';
import { spawnServer } from './spawn-server.mjs';

const pair = async (port, from) => {
  const url = `ws://127.0.0.1:${port}/${randomUUID()}`;
  const first = await openSocket(url, from);
  const second = await openSocket(url, from);
  return [first, second];
};

/** A frame as Proxim's peers write it. */
const payload = { sdp: offer, type: 'offer', auth: randomBytes(32).toString('base64url') };
const frame = countedFrames(
  JSON.stringify({ type: 'signal', sessionID: randomBytes(16).toString('base64url'), payload }),
);

export const bare = {
  name: 'bare',
  label: 'bare `ws`',
  start: () => spawnServer(new URL('bare-process.mjs', import.meta.url)),
  connectPair: async (port, from) => {
    const sockets = await pair(port, from);
    return sockets.map((end) => ({ socket: end.release(), frame }));
  },
  introduce: async (port, from) => {
    const [first, second] = await pair(port, from);
    first.socket.send(frame(0), { binary: false });
    await second.next('signal');
    await Promise.all([first.leave(), second.leave()]);
  },
};
