// What a relayed message costs the server, against the bare forwarder and the peers.
import { measureRelay } from '../relay-measure.mjs';
import { servers } from './servers/index.mjs';

const rate = 4000;
const others = [
  { name: 'bare', target: 1.15 },
  { name: 'peerjs', target: 0.7 },
  { name: 'y-webrtc', target: 0.5 },
];

/** @returns the figures of the relay, with so many pairs at each server */
export const measureRelaying = async ({ seconds, rounds, pairs = 200 }) => {
  const results = await measureRelay({ seconds, rounds, pairs, rate, servers: Object.values(servers) });
  const of = Object.fromEntries(results.map((result) => [result.name, result]));
  const costs = (id, what, kind) =>
    others.map(({ name, target }) => ({
      id: `${id}-${name}`,
      what,
      against: servers[name].label,
      unit: 'µs',
      ours: of.proxim[kind].microsPerFrame,
      theirs: of[name][kind].microsPerFrame,
      target,
    }));
  const latencies = ['p50', 'p99'].map((quantile) => ({
    id: `relay-${quantile}`,
    what: `a message's way at ${rate.toLocaleString('en')} a second, ${quantile}`,
    against: servers.bare.label,
    unit: 'ms',
    ours: of.proxim[quantile],
    theirs: of.bare[quantile],
  }));
  return [
    ...costs('relay', `processor for a message, ${rate.toLocaleString('en')} a second`, 'paced'),
    ...costs('relay-pressed', 'processor for a message, as many as go through', 'pressed'),
    ...latencies,
  ];
};
