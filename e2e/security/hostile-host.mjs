// Somebody else's web server. It lets every page of every origin read whatever it has, so that what a hostile page cannot
// do elsewhere is due to the server there. One line of JSON out, `{"port":40001}`; one in,
// `{"turn":{"address":"127.0.0.1","port":5000}}`: from then on its name leads there, as a rebound DNS name does.
//
// node hostile-host.mjs ADDRESS
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { createInterface } from 'node:readline';

const [, , ownAddress = '127.0.0.1'] = process.argv;
let victim;
/** Connections that lead here; a browser opens some before it needs them. */
const answeredHere = new Set();

const answers = {
  '/thing.js': ['text/javascript', 'globalThis.thingRan = true;'],
  '/events': ['text/event-stream', 'data: hello\n\n'],
  '/icon.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'],
};

const http = createServer((request, response) => {
  const [type, body] = answers[request.url] ?? ['text/html', '<!doctype html><title>A page</title><body>a page'];
  response.writeHead(200, {
    'Content-Type': type,
    // Nothing is kept open: the next request is made to wherever the name leads by then.
    Connection: 'close',
    'Access-Control-Allow-Origin': request.headers.origin ?? '*',
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': '*',
    'Access-Control-Allow-Headers': 'x-proxim',
  });
  response.end(body);
});
http.on('upgrade', (request, stream) => {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`; // RFC 6455, 4.2.2
  const offered = request.headers['sec-websocket-protocol'];
  stream.on('error', () => undefined);
  stream.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      (offered === undefined ? '' : `Sec-WebSocket-Protocol: ${offered}\r\n`) +
      `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`,
  );
});

const door = createTcpServer((socket) => {
  socket.on('error', () => undefined);
  if (!victim) {
    answeredHere.add(socket);
    socket.on('close', () => answeredHere.delete(socket));
    http.emit('connection', socket);
    return;
  }
  const onward = connect(victim.port, victim.address);
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
  onward.on('close', () => socket.destroy());
  socket.pipe(onward).pipe(socket);
});
door.listen(0, ownAddress, () => console.log(JSON.stringify({ port: door.address().port })));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    victim = JSON.parse(line).turn;
    // The host that the name led to is gone, and with it what a browser holds ready for its next request.
    for (const socket of answeredHere) socket.destroy();
    console.log(JSON.stringify({ turned: true }));
  })
  .on('close', () => process.exit());
