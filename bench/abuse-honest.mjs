// The honest: desktops with a session after the other, and for each a phone from an address of its own that connects,
// pairs and signals. They measure what they wait for.
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';

import { WebSocket } from 'ws';

const signalsEach = 10;
const betweenMs = 40;
const restMs = 800;

/** One connection that takes what comes in order. */
const open = async ({ port, from }) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/signal`, { localAddress: from, perMessageDeflate: false });
  const frames = [];
  let wake;
  socket.on('message', (data) => {
    frames.push({ at: performance.now(), message: JSON.parse(data.toString()) });
    wake?.();
  });
  socket.on('close', (code) => {
    frames.push({ at: performance.now(), message: { type: 'the end', code } });
    wake?.();
  });
  await once(socket, 'open');
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    next: async (type) => {
      while (frames.length === 0) await new Promise((resolve) => (wake = resolve));
      const frame = frames.shift();
      if (frame.message.type !== type) throw new Error(`waited for ${type}, got ${JSON.stringify(frame.message)}`);
      return frame;
    },
    leave: async () => {
      socket.close(1000);
      await once(socket, 'close');
    },
  };
};

let phones = 0;
/** Addresses as there are people: nobody's limits are touched by another's. */
const nextAddress = () => {
  phones += 1;
  return `127.${32 + (Math.floor(phones / 62_500) % 32)}.${Math.floor(phones / 250) % 250}.${1 + (phones % 250)}`;
};

const sendSignal = (from, to, sessionID) => {
  const at = performance.now();
  from.send({
    type: 'signal',
    sessionID,
    payload: { candidate: 'candidate:1 1 udp 2122260223 192.168.1.7 52311 typ host' },
  });
  return to.next('signal').then(({ at: arrived }) => arrived - at);
};

/** One session from its making to its end. */
const live = async (desktop, port, take) => {
  const sessionID = randomBytes(16).toString('base64url');
  desktop.send({ type: 'session_create', sessionID, uuid: randomUUID() });
  await desktop.next('session_created');
  const begun = performance.now();
  const phone = await open({ port, from: nextAddress() });
  phone.send({ type: 'pair_request', sessionID, deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' } });
  await desktop.next('pair_prompt');
  desktop.send({ type: 'pair_response', sessionID, approved: true });
  const { at } = await phone.next('pair_result');
  take('pairing', at - begun);
  for (let index = 0; index < signalsEach; index += 1) {
    take('signal', await sendSignal(phone, desktop, sessionID));
    take('signal', await sendSignal(desktop, phone, sessionID));
    await after(betweenMs * (0.5 + Math.random()));
  }
  desktop.send({ type: 'session_close', sessionID });
  await desktop.next('session_closed');
  await phone.next('session_closed');
  await phone.leave();
  await after(restMs * (0.5 + Math.random()));
};

/** Starts so many pairs, which go on until they are told to stop. */
export const startHonest = ({ port, pairs, net }) => {
  let taken = { pairing: [], signal: [] };
  let isOver = false;
  const failures = [];
  const lanes = Array.from({ length: pairs }, async (_, index) => {
    try {
      const desktop = await open({ port, from: `127.${net}.0.${1 + index}` });
      await after(Math.random() * 500);
      while (!isOver) await live(desktop, port, (name, ms) => taken[name].push(ms));
      await desktop.leave();
    } catch (error) {
      failures.push(error.message);
    }
  });
  return {
    failures,
    /** What was measured since the last time. */
    takeSamples: () => {
      const samples = taken;
      taken = { pairing: [], signal: [] };
      return samples;
    },
    stop: async () => {
      isOver = true;
      await Promise.all(lanes);
    },
  };
};
