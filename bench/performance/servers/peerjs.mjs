// PeerJS: each client has a name, and says whom a message is for.
import { randomUUID } from 'node:crypto';

import { countedFrames, offer } from '../../relay-frames.mjs';
import { openSocket } from './client-socket.mjs';
import { spawnServer } from './spawn-server.mjs';

const connect = async (port, from) => {
  const id = randomUUID();
  const end = await openSocket(`ws://127.0.0.1:${port}/peerjs?key=peerjs&id=${id}&token=${randomUUID()}`, from);
  await end.next('OPEN');
  return { id, end };
};

const pair = async (port, from) => [await connect(port, from), await connect(port, from)];

const payload = { sdp: { type: 'offer', sdp: offer }, type: 'data' };

/** What one says to the other, and what that one hears: the server adds who said it, and writes all anew. */
const endOf = ({ id: src, end }, { id: dst }) => ({
  socket: end.release(),
  frame: countedFrames(JSON.stringify({ type: 'OFFER', dst, payload })),
  arrival: countedFrames(JSON.stringify({ type: 'OFFER', src, dst, payload })),
});

export const peerjs = {
  name: 'peerjs',
  label: '`peer` (PeerJS)',
  start: () => spawnServer(new URL('peerjs-process.mjs', import.meta.url)),
  connectPair: async (port, from) => {
    const [first, second] = await pair(port, from);
    return [endOf(first, second), endOf(second, first)];
  },
  introduce: async (port, from) => {
    const [first, second] = await pair(port, from);
    const { frame } = endOf(first, second);
    first.end.socket.send(frame(0), { binary: false });
    await second.end.next('OFFER');
    await Promise.all([first.end.leave(), second.end.leave()]);
  },
};
