// What a relay costs at the least: `ws` pairs sockets, the first with the second and so on, and passes the bytes of each
// frame on as they came. It reads nothing of them. With `--taking-turns` it takes one frame of a socket in each turn of
// the event loop, as the server does. Says its port on standard output.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: false,
  clientTracking: false,
  maxPayload: 65_536,
  allowSynchronousEvents: !process.argv.includes('--taking-turns'),
});
const asText = { binary: false };
let waiting;
server.on('connection', (socket) => {
  const other = waiting;
  waiting = other ? undefined : socket;
  socket.on('message', (data) => socket.other?.send(data, asText));
  if (!other) return;
  socket.other = other;
  other.other = socket;
  for (const each of [other, socket]) each.send('paired');
});
server.on('listening', () => console.log(JSON.stringify({ port: server.address().port })));
process.once('SIGTERM', () => process.exit(0));
