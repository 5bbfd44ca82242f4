// What the bus costs: messages that NATS carries for each thing that two nodes do with each other, and what a message, a
// request and a subject cost the nats-server.
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

import { createSignalingServer } from '@proxim/signaling';
import { createNatsBus } from '@proxim/signaling/nats';

import { cpuSeconds, residentBytes } from './process-cost.mjs';
import { freePort } from './free-port.mjs';
import { ask, endCrowd, forEachOf, openCrowd } from './wire-crowd.mjs';

const subjects = 200_000;
const messages = 200_000;
const heap = 10;
const signalsEach = 20;

const startNats = async () => {
  const [port, monitor] = [await freePort(), await freePort()];
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', port, '-m', monitor], { stdio: 'ignore' });
  const look = async () => (await globalThis.fetch(`http://127.0.0.1:${monitor}/varz`)).json();
  for (;;) {
    try {
      await look();
      break;
    } catch {
      await after(50);
    }
  }
  return {
    pid: child.pid,
    port,
    carried: async () => {
      const { in_msgs, out_msgs } = await look();
      return in_msgs + out_msgs;
    },
    stop: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    },
  };
};

/** The plain text protocol of NATS, without a library that would cost more than the server. */
const openRaw = async (port) => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let awaited;
  socket.on('data', (data) => {
    if (data.includes('PONG')) awaited?.();
  });
  await once(socket, 'data');
  socket.write('CONNECT {"verbose":false,"pedantic":false}\r\n');
  return {
    socket,
    /** Resolves when the server has read all that was written. */
    flush: () =>
      new Promise((resolve) => {
        awaited = resolve;
        socket.write('PING\r\n');
      }),
  };
};

const subjectCost = async (nats) => {
  const before = residentBytes(nats.pid);
  const cpuBefore = cpuSeconds(nats.pid);
  const raw = await openRaw(nats.port);
  for (let sid = 1; sid <= subjects; sid += 1) {
    raw.socket.write(`SUB proxim.session.${randomBytes(16).toString('base64url')} ${sid}\r\n`);
    if (sid % 10_000 === 0) await raw.flush();
  }
  const cost = {
    natsSubjectBytes: (residentBytes(nats.pid) - before) / subjects,
    natsSubjectCpu: (cpuSeconds(nats.pid) - cpuBefore) / subjects,
  };
  raw.socket.destroy();
  return cost;
};

const messageCost = async (nats) => {
  const [from, to] = [await openRaw(nats.port), await openRaw(nats.port)];
  to.socket.write('SUB proxim.node.abcdefgh 1\r\n');
  await to.flush();
  const body = 'x'.repeat(660);
  // A few at a time: nodes do not send in large heaps.
  const frame = `PUB proxim.node.abcdefgh ${body.length}\r\n${body}\r\n`;
  const before = cpuSeconds(nats.pid);
  for (let sent = 0; sent < messages; sent += heap) {
    from.socket.write(frame.repeat(heap));
    await from.flush();
  }
  await to.flush();
  const cost = (cpuSeconds(nats.pid) - before) / (2 * messages);
  from.socket.destroy();
  to.socket.destroy();
  return cost;
};

/** Messages a session, a pairing and a signal, with the desktop at one node and the phone at another. */
const countMessages = async (nats, count) => {
  const open = {
    maxConnectionsPerAddress: 1_000_000,
    addressBurst: 1e6,
    addressRate: 1e5,
    requestBurst: 1e6,
    pairBurst: 1e6,
  };
  const nodes = await Promise.all(
    [0, 1].map(async () => {
      const bus = createNatsBus({ servers: [`nats://127.0.0.1:${nats.port}`] });
      await bus.connected;
      const server = createSignalingServer({ bus, limits: open });
      const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
      return { bus, server, url: `ws://127.0.0.1:${port}` };
    }),
  );
  const desktops = await openCrowd(count, { url: nodes[0].url, net: 44 });
  const phones = await openCrowd(count, { url: nodes[1].url, net: 45 });
  const names = Array.from({ length: count }, () => randomBytes(16).toString('base64url'));
  const carriedBy = async (work) => {
    const before = await nats.carried();
    await work();
    await after(300);
    return (await nats.carried()) - before;
  };
  const idle = await carriedBy(() => after(4700));
  const perSecond = idle / 5;
  const counted = async (work) => {
    const begun = performance.now();
    const carried = await carriedBy(() => forEachOf(count, work));
    return Math.max(0, carried - (perSecond * (performance.now() - begun)) / 1000) / count;
  };
  const natsCreateMessages = await counted((index) =>
    ask(desktops[index], { type: 'session_create', sessionID: names[index], uuid: randomUUID() }, 'session_created'),
  );
  const natsPairingMessages = await counted(async (index) => {
    const sessionID = names[index];
    const request = { type: 'pair_request', sessionID, deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' } };
    await ask(phones[index], request, 'pair_prompt', desktops[index]);
    await ask(desktops[index], { type: 'pair_response', sessionID, approved: true }, 'pair_result', phones[index]);
  });
  const natsSignalMessages =
    (await counted(async (index) => {
      const message = { type: 'signal', sessionID: names[index], payload: { candidate: 'x'.repeat(500) } };
      for (let sent = 0; sent < signalsEach; sent += 1) await ask(phones[index], message, 'signal', desktops[index]);
    })) / signalsEach;
  await endCrowd([...phones, ...desktops]);
  for (const { bus, server } of nodes) {
    await server.close();
    await bus.close();
  }
  return { natsCreateMessages, natsPairingMessages, natsSignalMessages };
};

/** @param count pairs that talk across the two nodes */
export const measureNats = async (count) => {
  const nats = await startNats();
  const counted = await countMessages(nats, count);
  const natsMessageCpu = await messageCost(nats);
  const subject = await subjectCost(nats);
  await nats.stop();
  return { ...counted, natsMessageCpu, ...subject };
};
