// The costs of one `proxim serve`: processor time and memory of its process, by what is asked of it.
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';

import { cpuSeconds, residentBytes } from './process-cost.mjs';
import { startServer } from './start-server.mjs';
import { ask, endCrowd, forEachOf, openCrowd } from './wire-crowd.mjs';

/** What lies about after a burst goes with the next collections, and the figure is a difference of thousands. */
const settleMs = 3000;
const signalsEach = 10;
const pingsEach = 10;
const heartbeatLookMs = 8000;

/** A candidate with the fields that our peers write and a credential, about the size of what is signaled on average. */
const payload = { candidate: `candidate:1 1 udp 2122260223 192.168.1.7 52311 typ host ${'x'.repeat(400)}` };

const settled = async (pid) => {
  await after(settleMs);
  return residentBytes(pid);
};

/** Processor seconds that `work` costs the process, for each of `count`. */
const costOf = async (pid, count, work) => {
  const before = cpuSeconds(pid);
  await work();
  return (cpuSeconds(pid) - before) / count;
};

const heartbeat = async (count) => {
  const server = await startServer(['--heartbeat-seconds', '0.5', '--heartbeat-grace-seconds', '60']);
  const crowd = await openCrowd(count, { url: server.url, net: 40 });
  await after(1000);
  const cost = await costOf(server.pid, (count * heartbeatLookMs) / 500, () => after(heartbeatLookMs));
  await endCrowd(crowd);
  await server.stop();
  return cost;
};

/** @param pairs how many desktops and how many phones there are */
export const measureServer = async (pairs) => {
  const server = await startServer();
  const { pid, url } = server;
  const emptyBytes = await settled(pid);
  const names = Array.from({ length: pairs }, () => randomBytes(16).toString('base64url'));
  const peerTokens = Array.from({ length: pairs }, () => randomBytes(16).toString('base64url'));

  let desktops = [];
  const connectCpu = await costOf(pid, pairs, async () => {
    desktops = await openCrowd(pairs, { url, net: 41 });
  });
  const createCpu = await costOf(pid, pairs, () =>
    forEachOf(pairs, (index) =>
      ask(
        desktops[index],
        { type: 'session_create', sessionID: names[index], uuid: randomUUID(), peerToken: peerTokens[index] },
        'session_created',
      ),
    ),
  );
  const withDesktops = await settled(pid);

  const phones = await openCrowd(pairs, { url, net: 42 });
  const pairingCpu = await costOf(pid, pairs, () =>
    forEachOf(pairs, async (index) => {
      const sessionID = names[index];
      const deviceInfo = { name: 'Galaxy S23', id: 'device-xyz' };
      const request = { type: 'pair_request', sessionID, deviceInfo, peerToken: peerTokens[index] };
      await ask(phones[index], request, 'pair_prompt', desktops[index]);
      await ask(desktops[index], { type: 'pair_response', sessionID, approved: true }, 'pair_result', phones[index]);
    }),
  );
  const withPhones = await settled(pid);

  const signalCpu = await costOf(pid, pairs * signalsEach, () =>
    forEachOf(pairs, async (index) => {
      const message = { type: 'signal', sessionID: names[index], payload };
      for (let sent = 0; sent < signalsEach; sent += 1) await ask(phones[index], message, 'signal', desktops[index]);
    }),
  );
  const pingCpu = await costOf(pid, pairs * pingsEach, () =>
    forEachOf(pairs, async (index) => {
      for (let sent = 0; sent < pingsEach; sent += 1) await ask(phones[index], { type: 'ping' }, 'pong');
    }),
  );
  await endCrowd([...phones, ...desktops]);
  await server.stop();
  return {
    processBytes: emptyBytes,
    desktopBytes: (withDesktops - emptyBytes) / pairs,
    phoneBytes: Math.max(0, withPhones - withDesktops) / pairs,
    connectCpu,
    createCpu,
    pairingCpu,
    signalCpu,
    pingCpu,
    heartbeatCpu: await heartbeat(Math.ceil(pairs / 2)),
  };
};
