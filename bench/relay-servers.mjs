// The servers that the relay's bench compares. Each is { name, start() -> { port, pid, stop }, connectPair(port) }, and a
// pair is two ends { socket, frame(index), arrival(index) }: an open socket of `ws`, what is sent on it as the index-th
// frame, and what the other end must hear then. Without `arrival` that is the frame itself.
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { WebSocket } from 'ws';

import { countedFrames, offer } from './relay-frames.mjs';

const fileOf = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Starts a program of Node whose first line on standard output is JSON that has its port. */
export const startProgram = async (args) => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const [line] = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${args[0]} ended with ${code}.`))),
  ]);
  return {
    port: JSON.parse(line).port,
    pid: child.pid,
    stop: async () => {
      process.off('exit', kill);
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** A socket whose first messages are awaited one by one. */
const open = async (port) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
  const heard = [];
  let wake;
  const take = (data) => {
    heard.push(data.toString());
    wake?.();
  };
  socket.on('message', take);
  await once(socket, 'open');
  return {
    socket,
    say: (message) => socket.send(JSON.stringify(message)),
    next: async (what) => {
      while (heard.length === 0) await new Promise((resolve) => (wake = resolve));
      const text = heard.shift();
      if (!text.includes(what)) throw new Error(`Waited for ${what}, and heard ${text}.`);
    },
    release: () => socket.off('message', take),
  };
};

const endOf = ({ socket }, sessionID, auth) => {
  const payload = { sdp: offer, type: 'offer', auth };
  return { socket, frame: countedFrames(JSON.stringify({ type: 'signal', sessionID, payload })) };
};

/** Both ends, heard by nobody yet, each with frames as Proxim's own peers write them. */
const endsOf = (one, other, sessionID) =>
  [one, other].map((end) => {
    end.release();
    return endOf(end, sessionID, randomBytes(32).toString('base64url'));
  });

/** Beyond what the bench does; everything is counted, timed and compared all the same. */
const limits = {
  'signal-burst': 100_000_000,
  'signal-rate': 1_000_000,
  'address-burst': 100_000_000,
  'address-rate': 1_000_000,
  'request-burst': 100_000,
  'pair-burst': 100_000,
  'max-connections-per-address': 10_000,
};

/** A desktop at one port and its phone at another, paired. */
export const pairAt = async (desktopPort, phonePort) => {
  const sessionID = randomBytes(16).toString('base64url');
  const [desktop, phone] = await Promise.all([open(desktopPort), open(phonePort)]);
  desktop.say({ type: 'session_create', sessionID, uuid: randomUUID() });
  await desktop.next('session_created');
  phone.say({ type: 'pair_request', sessionID, deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' } });
  await desktop.next('pair_prompt');
  desktop.say({ type: 'pair_response', sessionID, approved: true });
  await phone.next('approved');
  return endsOf(phone, desktop, sessionID);
};

/** One `proxim serve` with limits that the bench does not reach, and these flags besides. */
export const startServe = (...flags) =>
  startProgram([
    fileOf('../apps/desktop/bin/proxim.js'),
    ...['serve', '--port', '0', '--json', ...flags],
    ...Object.entries(limits).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ]);

/** The real command. */
export const proxim = {
  name: 'proxim serve',
  start: () => startServe(),
  connectPair: (port) => pairAt(port, port),
};

const forwarder = (name, ...flags) => ({
  name,
  start: () => startProgram([fileOf('relay-forwarder.mjs'), ...flags]),
  connectPair: async (port) => {
    const one = await open(port);
    const other = await open(port);
    await Promise.all([one.next('paired'), other.next('paired')]);
    return endsOf(one, other, randomBytes(16).toString('base64url'));
  },
});

/** What everything is compared with. */
export const bare = forwarder('bare ws');
/** The same with the one option of `ws` that makes it fair, and dearer. */
export const bareInTurns = forwarder('bare ws, taking turns', '--taking-turns');
