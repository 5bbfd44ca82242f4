// The server of PeerJS as its package offers it, without the line that its command prints for each client.
import { PeerServer } from 'peer';

const limits = { concurrent_limit: 100_000, alive_timeout: 3_600_000 };
PeerServer({ port: 0, host: '127.0.0.1', path: '/', ...limits }, (server) => {
  process.send({ port: server.address().port });
});
