// `npm run soak -- [sessions]`: makes, uses and ends sessions in one process, and says whether anything was left behind.
// The server, the WebSockets and WebRTC are the real ones, on 127.0.0.1. Ends with 1 when something did not go back.
import { setTimeout as after } from 'node:timers/promises';

import { DesktopPeer, MobilePeer } from '@proxim/peer';
import { nodeEnvironment, unloadNodeRtcEngine } from '@proxim/peer/node';
import { createSignalingServer } from '@proxim/signaling';

import { judge, measure, printHalves, printHeader, printRow } from './soak-measure.mjs';

const total = Number(process.argv[2] ?? 2000);
/** So many sessions live at the same time: most of one is spent waiting for the other side. */
const lanes = 8;
/** A session that takes longer than this hangs. */
const limitMs = 30_000;
const messages = 3;

const environment = nodeEnvironment();
/** One address asks for all these sessions here, and one desktop signals for all of them. */
const limits = { pairBurst: 1_000_000, signalBurst: 1_000_000, requestBurst: 1_000_000, addressBurst: 1_000_000 };

const listen = async () => {
  const server = createSignalingServer({ limits });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return { server, port };
};

/** Resolves with the first value of this event that is meant; fails when it takes too long. */
const next = (emitter, name, isMeant, what) =>
  new Promise((resolve, reject) => {
    const limit = new globalThis.AbortController();
    const off = emitter.on(name, (value) => {
      if (!isMeant(value)) return;
      off();
      limit.abort();
      resolve(value);
    });
    after(limitMs, undefined, { signal: limit.signal }).then(
      () => {
        off();
        reject(new Error(`${what} did not come: ${JSON.stringify(emitter.state ?? emitter.sessions)}`));
      },
      () => undefined,
    );
  });

/** A desktop whose user lets everybody in and whose programs answer what they are told. */
const makeDesktop = (port) => {
  const desktop = new DesktopPeer({
    environment,
    url: `ws://127.0.0.1:${port}/signal`,
    unverified: 'refuse',
    sessionTtlSeconds: 900,
  });
  desktop.on('prompt', ({ sessionID, promptID }) => desktop.approve(sessionID, { promptID }));
  desktop.on('channel', ({ channel }) => channel.onMessage((data) => void channel.send(`heard ${data}`)));
  desktop.on('error', ({ code }) => {
    throw new Error(`the server refused: ${code}`);
  });
  desktop.start();
  return desktop;
};

const makePhone = (desktop, sessionID, port, memory) =>
  new MobilePeer({
    environment,
    link: desktop.link(sessionID, { origin: `http://127.0.0.1:${port}` }),
    deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' },
    channels: [{ label: 'control', ordered: true }],
    memory,
  });

/** Sends some messages over the phone's channel, and waits until the desktop has answered each. */
const talk = async (channel) => {
  let heard = 0;
  await new Promise((resolve) => {
    channel.onMessage(() => {
      heard += 1;
      if (heard === messages) resolve();
    });
    for (let index = 0; index < messages; index += 1) channel.send(`message ${index}`);
  });
};

/** Connects, and talks both ways. */
const connect = async (phone) => {
  const open = next(phone, 'channel', () => true, 'the channel');
  phone.ask();
  const channel = await open;
  await talk(channel);
  return channel;
};

const ended = (phone, reason) =>
  next(phone, 'state', (state) => state.status === 'ended' && state.reason === reason, `the phone's end: ${reason}`);

const closed = (desktop, sessionID) =>
  next(desktop, 'session_closed', (end) => end.sessionID === sessionID, "the session's end");

const created = async (desktop, kind) => {
  const sessionID = desktop.createSession(kind);
  await next(desktop, 'session', ({ session }) => session.sessionID === sessionID, 'the session');
  return sessionID;
};

/** One session from its code to its end, in each of the ways that it may end. */
const lives = {
  'closed by the desktop': async ({ desktop, port }) => {
    const sessionID = await created(desktop, { sessionType: 'persistent' });
    const phone = makePhone(desktop, sessionID, port);
    await connect(phone);
    const end = ended(phone, 'closed_by_desktop');
    desktop.closeSession(sessionID);
    await end;
  },
  'left by the phone': async ({ desktop, port }) => {
    const sessionID = await created(desktop, { sessionType: 'one_time' });
    const phone = makePhone(desktop, sessionID, port);
    await connect(phone);
    const end = closed(desktop, sessionID);
    phone.leave();
    await end;
  },
  expired: async ({ desktop, port }) => {
    const sessionID = await created(desktop, { sessionType: 'temporary', ttlSeconds: 4 });
    const phone = makePhone(desktop, sessionID, port);
    const end = ended(phone, 'expired');
    await connect(phone);
    await end;
  },
  'taken over by a reload': async ({ desktop, port }) => {
    const sessionID = await created(desktop, { sessionType: 'persistent' });
    const first = makePhone(desktop, sessionID, port);
    // A page that is copied before it holds the device secret would be turned away: the code alone opens nothing by then.
    const sealed = next(first, 'memory', ({ deviceSecret }) => deviceSecret !== undefined, 'the device secret');
    await connect(first);
    await sealed;
    const replaced = ended(first, 'replaced');
    const second = makePhone(desktop, sessionID, port, first.memory);
    await connect(second);
    await replaced;
    const end = ended(second, 'closed_by_desktop');
    desktop.closeSession(sessionID);
    await end;
  },
  'dropped by its server': async () => {
    const { server, port } = await listen();
    const desktop = makeDesktop(port);
    const sessionID = await created(desktop, { sessionType: 'persistent' });
    const phone = makePhone(desktop, sessionID, port);
    const channel = await connect(phone);
    const down = next(desktop, 'signaling', ({ isConnected }) => !isConnected, 'the end of the socket');
    await server.close();
    await down;
    // What the two have between them goes on without a server.
    await talk(channel);
    // Without a server the goodbye is all that the phone hears; where it does not arrive, the phone goes by itself.
    const gone = next(phone, 'state', ({ status }) => status !== 'connected', "the desktop's end");
    desktop.stop();
    await gone;
    phone.leave();
  },
};

const kinds = Object.values(lives);
const { server, port } = await listen();
const desktop = makeDesktop(port);
const stage = { desktop, port };

const checkpoint = total >= 500 ? 250 : Math.ceil(total / 2);
let begun = 0;
let done = 0;

/** Lives one session after the other, until `until` have been begun. */
const runLane = async (until) => {
  while (begun < until) {
    const live = kinds[begun % kinds.length];
    begun += 1;
    await live(stage);
    done += 1;
  }
};

const runUntil = (until) => Promise.all(Array.from({ length: lanes }, () => runLane(until)));

// What is loaded and compiled with the first sessions is not what a session leaves behind.
await Promise.all(kinds.map((live) => live(stage)));

printHeader();
const rows = [await measure(server, 0)];
printRow(rows[0]);
while (done < total) {
  await runUntil(Math.min(total, done + checkpoint));
  rows.push(await measure(server, done, rows[0]));
  printRow(rows.at(-1));
}

const faults = judge(rows);
desktop.stop();
await server.close();
await unloadNodeRtcEngine();
printHalves(rows);
for (const fault of faults) console.log(fault);
console.log(faults.length === 0 ? `${done} sessions, and nothing was left behind.` : `${done} sessions left traces.`);
process.exitCode = faults.length === 0 ? 0 : 1;
