// From the desktop's yes to data channels that are open at both ends, against two connections of the same engine that are
// handed each other's words in one process. The server is a process of its own.
import { setTimeout as after } from 'node:timers/promises';

import { DesktopPeer, MobilePeer } from '@proxim/peer';
import { loadNodeRtcEngine, nodeEnvironment, unloadNodeRtcEngine } from '@proxim/peer/node';

import { meanOfBetterHalf, median, takeTurns } from './better-half.mjs';
import { servers } from './servers/index.mjs';

/** What is closed takes a moment in the engine's threads. */
const restMs = 100;
/** The peers' own, and one of the application. */
const channels = [
  { label: 'proxim', ordered: true },
  { label: 'control', ordered: true },
];

/** The median of the fastest quarter: the engine did not have to wait for itself. */
const atOnce = (times) => median(times.toSorted((left, right) => left - right).slice(0, Math.ceil(times.length / 4)));

/** The least that there is: each description and each candidate is in the other's hands at once. */
const connectInOneProcess = async (engine) => {
  const start = performance.now();
  let missing = channels.length * 2;
  let onOpen;
  const open = new Promise((resolve) => (onOpen = resolve));
  const handlers = {
    onState: () => undefined,
    onChannel: () => {
      missing -= 1;
      if (missing === 0) onOpen();
    },
  };
  /** The answerer's candidates, until the offerer has the answer. The engine keeps the offerer's as long by itself. */
  let early = [];
  const offerer = engine.offer({
    iceServers: [],
    channels,
    handlers: { ...handlers, onCandidate: (candidate) => answerer.addCandidate(candidate) },
  });
  const answerer = engine.answer({
    iceServers: [],
    handlers: {
      ...handlers,
      onCandidate: (candidate) => (early ? early.push(candidate) : offerer.addCandidate(candidate)),
    },
  });
  await offerer.acceptAnswer(await answerer.acceptOffer(await offerer.createOffer()));
  for (const candidate of early) offerer.addCandidate(candidate);
  early = undefined;
  await open;
  const ms = performance.now() - start;
  offerer.close();
  answerer.close();
  await after(restMs);
  return { ms };
};

const next = (emitter, name, isMeant = () => true) =>
  new Promise((resolve) => {
    const off = emitter.on(name, (value) => {
      if (!isMeant(value)) return;
      off();
      resolve(value);
    });
  });

/** A session of its own for each: made, asked for, and measured from the moment at which the user says yes. */
const connectPeers = async (desktop, environment, port) => {
  const sessionID = desktop.createSession({ sessionType: 'persistent' });
  await next(desktop, 'session', ({ session }) => session.sessionID === sessionID);
  const phone = new MobilePeer({
    environment,
    link: desktop.link(sessionID, { origin: `http://127.0.0.1:${port}` }),
    deviceInfo: { name: 'Galaxy S23', id: 'device-xyz' },
    channels: [channels[1]],
  });
  const asked = next(desktop, 'prompt');
  phone.ask();
  const { promptID } = await asked;
  const open = Promise.all([
    next(phone, 'channel'),
    next(phone, 'state', ({ status }) => status === 'connected'),
    next(desktop, 'channel', (event) => event.sessionID === sessionID),
    next(desktop, 'direct', (event) => event.sessionID === sessionID && event.state === 'connected'),
  ]);
  const start = performance.now();
  desktop.approve(sessionID, { promptID });
  await open;
  const ms = performance.now() - start;
  const ended = next(phone, 'state', ({ status }) => status === 'ended');
  desktop.closeSession(sessionID);
  await ended;
  await after(restMs);
  return { ms };
};

/** @returns the figures of the direct connection */
export const measureDirect = async ({ rounds }) => {
  const server = await servers.proxim.start();
  const environment = nodeEnvironment();
  const engine = await loadNodeRtcEngine();
  const desktop = new DesktopPeer({
    environment,
    url: `ws://127.0.0.1:${server.port}/signal`,
    unverified: 'refuse',
    sessionTtlSeconds: 900,
  });
  const ready = next(desktop, 'signaling', ({ isConnected }) => isConnected);
  desktop.start();
  await ready;
  const ways = {
    peers: () => connectPeers(desktop, environment, server.port),
    inOneProcess: () => connectInOneProcess(engine),
  };
  // What is loaded and compiled at first is in no round.
  for (const connect of Object.values(ways)) for (let time = 0; time < 3; time += 1) await connect();
  const measured = await takeTurns(Object.keys(ways), rounds, (name) => ways[name]());
  desktop.stop();
  await server.stop();
  await unloadNodeRtcEngine();
  const figure = (id, what, costOf, target) => ({
    id,
    what,
    against: 'two connections in one process',
    unit: 'ms',
    ours: costOf(measured.peers),
    theirs: costOf(measured.inOneProcess),
    ...(target === undefined ? {} : { target }),
  });
  return [
    figure('direct', 'from approval to open data channels', (tries) => meanOfBetterHalf(tries, 'ms'), 1.2),
    figure('direct-at-once', 'the same, those that opened at once', (tries) => atOnce(tries.map(({ ms }) => ms)), 1.2),
    figure('direct-median', 'the same, median of all', (tries) => median(tries.map(({ ms }) => ms))),
  ];
};
