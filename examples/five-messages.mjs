// The protocol with nothing but a WebSocket: a phone that asks, and a desktop that says yes.
// Start a server first (`proxim serve`) and give its URL: node five-messages.mjs ws://127.0.0.1:47800
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';

const [url] = process.argv.slice(2);
const sessionID = 'abc123';

const connect = async () => {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    receive: async () => {
      const [data] = await once(socket, 'message');
      return JSON.parse(data);
    },
    close: () => socket.close(),
  };
};

const desktop = await connect();
desktop.send({ type: 'session_create', sessionID, uuid: randomUUID() });
console.log((await desktop.receive()).type);

const mobile = await connect();
mobile.send({ type: 'pair_request', sessionID, deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' } });
console.log((await desktop.receive()).type);

desktop.send({ type: 'pair_response', sessionID, approved: true });
const result = await mobile.receive();
console.log(result.type, result.status);

mobile.send({ type: 'signal', sessionID, payload: { sdp: 'an offer' } });
console.log('signal', (await desktop.receive()).payload.sdp);
desktop.send({ type: 'signal', sessionID, payload: { sdp: 'an answer' } });
console.log('signal', (await mobile.receive()).payload.sdp);

mobile.close();
desktop.close();
