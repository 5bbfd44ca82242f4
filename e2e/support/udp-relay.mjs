// A way for UDP that takes its time. One line of JSON in, `{"to":{"address":"10.0.0.1","port":5000}}`, and one out,
// `{"port":40001}`: what is sent to that port goes to that address, half a round trip later, and so does what comes back.
//
// node udp-relay.mjs ADDRESS DELAY_MS
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as elapse } from 'node:timers/promises';

const [, , ownAddress = '127.0.0.1', delayText = '0'] = process.argv;
const delayMs = Number(delayText);

const open = async () => {
  const socket = createSocket('udp4');
  // A host that has gone answers with an ICMP error, which is no reason to end.
  socket.on('error', () => undefined);
  socket.bind(0, ownAddress);
  await once(socket, 'listening');
  return socket;
};

/** Passes something on when its time has come; what came first goes first. */
const later = async (send) => {
  await elapse(delayMs);
  send();
};

/** Opens a port that leads to `to`; each sender is seen there under a port of its own. */
const lead = async (to) => {
  const entrance = await open();
  const exits = new Map();
  const exitFor = (sender) => {
    const name = `${sender.address}:${sender.port}`;
    const known = exits.get(name);
    if (known) return known;
    const exit = open().then((socket) => {
      socket.on('message', (packet) => {
        void later(() => entrance.send(packet, sender.port, sender.address));
      });
      return socket;
    });
    exits.set(name, exit);
    return exit;
  };
  entrance.on('message', (packet, sender) => {
    void later(async () => {
      const exit = await exitFor(sender);
      exit.send(packet, to.port, to.address);
    });
  });
  return entrance.address().port;
};

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { to } = JSON.parse(line);
    process.stdout.write(`${JSON.stringify({ port: await lead(to) })}\n`);
  })
  .on('close', () => {
    process.exit(0);
  });
