// y-webrtc: both peers subscribe to a topic, and whatever is published there goes to all its subscribers, to the one who
// said it as well. That is how its own client uses it.
import { randomUUID } from 'node:crypto';

import { countedFrames, offer } from '../../relay-frames.mjs';
import { openSocket } from './client-socket.mjs';
import { spawnServer } from './spawn-server.mjs';

const subscribe = async (port, from, topic) => {
  const end = await openSocket(`ws://127.0.0.1:${port}/`, from);
  end.send({ type: 'subscribe', topics: [topic] });
  return end;
};

/** A socket that does not hear what it said itself; both ways are counted by what arrives at the other end. */
const withoutEchoes = (socket, name) => ({
  on: (event, listener) => {
    if (event !== 'message') socket.on(event, listener);
    else {
      socket.on('message', (data) => {
        if (!data.includes(name)) listener(data);
      });
    }
  },
  send: (data, options) => socket.send(data, options),
  terminate: () => socket.terminate(),
});

/** What one end publishes, and what all hear: with the number of those who do. */
const endOf = (end, topic) => {
  const name = `"from":"${randomUUID()}"`;
  const data = `{${name},"type":"signal","signal":${JSON.stringify({ type: 'offer', sdp: offer })}}`;
  const published = `{"type":"publish","topic":"${topic}","data":${data}`;
  return {
    socket: withoutEchoes(end.release(), name),
    frame: countedFrames(`${published}}`),
    arrival: countedFrames(`${published},"clients":2}`),
  };
};

export const yWebrtc = {
  name: 'y-webrtc',
  label: '`y-webrtc`',
  start: () => spawnServer(new URL('y-webrtc-process.mjs', import.meta.url)),
  connectPair: async (port, from) => {
    const topic = randomUUID();
    const pair = [await subscribe(port, from, topic), await subscribe(port, from, topic)];
    for (const end of pair) {
      // A subscription is not answered, but what comes after it is.
      end.send({ type: 'ping' });
      await end.next('pong');
    }
    return pair.map((end) => endOf(end, topic));
  },
  introduce: async (port, from) => {
    const topic = randomUUID();
    const second = await subscribe(port, from, topic);
    const first = await subscribe(port, from, topic);
    const { frame, socket } = endOf(first, topic);
    socket.send(frame(0), { binary: false });
    await second.next('publish');
    await Promise.all([first.leave(), second.leave()]);
  },
};
