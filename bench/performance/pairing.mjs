// What it costs to bring two peers together: five messages and a question at Proxim's, one relayed message at the others'.
import { costInBetterHalf, takeTurns } from './better-half.mjs';
import { startClients } from './clients.mjs';
import { withProcessorTime } from './process-costs.mjs';
import { servers } from './servers/index.mjs';

const lanes = 16;

/** @returns the figures of pairing */
export const measurePairing = async ({ seconds, rounds }) => {
  const names = Object.keys(servers);
  const clients = startClients();
  const running = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await servers[name].start()])));
  const turn = (name, length) =>
    withProcessorTime(running[name].pid, () =>
      clients.introduce({ name, port: running[name].port, seconds: length, lanes }),
    );
  for (const name of names) await turn(name, Math.min(2, seconds));
  const measured = await takeTurns(names, rounds, (name) => turn(name, seconds));
  await Promise.all([clients.stop(), ...names.map((name) => running[name].stop())]);

  const others = names.filter((name) => name !== 'proxim');
  const micro = (name) => costInBetterHalf(measured[name], 'processor', 'completed') * 1e6;
  const perSecond = (name) => 1 / costInBetterHalf(measured[name], 'seconds', 'completed');
  const costs = others.map((name) => ({
    id: `pairing-${name}`,
    what: 'processor for a pairing',
    against: `connecting and one message, ${servers[name].label}`,
    unit: 'µs',
    ours: micro('proxim'),
    theirs: micro(name),
  }));
  const rates = others.map((name) => ({
    id: `pairing-time-${name}`,
    what: 'time of a pairing, sixteen at a time',
    against: `connecting and one message, ${servers[name].label}`,
    unit: 'µs',
    ours: perSecond('proxim'),
    theirs: perSecond(name),
  }));
  return [...costs, ...rates];
};
