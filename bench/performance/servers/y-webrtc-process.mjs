// The signaling server that comes with y-webrtc, its own program. It does not say on which port it listens.
import http from 'node:http';

const { createServer } = http;
http.createServer = (...args) => {
  const server = createServer(...args);
  server.once('listening', () => process.send({ port: server.address().port }));
  return server;
};

process.env.PORT = '0';
await import(new URL('../bin/server.js', import.meta.resolve('y-webrtc')).href);
