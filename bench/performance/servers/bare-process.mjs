// The reference: the least that a relay can do. Two sockets of one path are a pair, and what one sends the other gets, unread.
import { createServer } from 'node:http';

import { WebSocketServer } from 'ws';

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
const waiting = new Map();

sockets.on('connection', (socket, { url }) => {
  const other = waiting.get(url);
  if (!other) {
    waiting.set(url, socket);
    return;
  }
  waiting.delete(url);
  other.on('message', (data) => socket.send(data, { binary: false }));
  socket.on('message', (data) => other.send(data, { binary: false }));
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
