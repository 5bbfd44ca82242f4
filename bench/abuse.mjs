// `npm run bench:abuse -- [--seconds 1.5] [--rounds 6] [--connections 200] [--addresses 20] [--json] [KIND …]`: how long
// honest phones wait for a pairing and for a signal while others abuse the server, as a multiple of what they wait in
// quiet. Quiet and loud phases take turns, each kind on its own. A second server that nobody abuses is measured at the
// same time: what it loses in the loud phases was taken by the machine. Ends with 1 when an honest flow failed.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { startHonest } from './abuse-honest.mjs';
import { kinds } from './abuse-kinds.mjs';
import { printHeader, printResult, summarize } from './abuse-table.mjs';

const fileOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '1.5' },
    rounds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '200' },
    addresses: { type: 'string', default: '20' },
    pairs: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const [seconds, rounds, connections, addresses, pairs] = ['seconds', 'rounds', 'connections', 'addresses', 'pairs'].map(
  (name) => Number(values[name]),
);
const names = positionals.length > 0 ? positionals : Object.keys(kinds);
const unknown = names.filter((name) => !Object.hasOwn(kinds, name));
if (unknown.length > 0) throw new Error(`No such kind: ${unknown.join(', ')}`);

/** Ahead of whatever else the machine does, where this user may have it so. */
const hurry = (pid) => {
  try {
    setPriority(pid, -20);
  } catch {
    return;
  }
};

/** The real command, with the limits that it has when nobody changes them. */
const startServer = async () => {
  const program = fileOf('../apps/desktop/bin/proxim.js');
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  hurry(child.pid);
  process.once('exit', () => child.kill('SIGKILL'));
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return {
    child,
    port: JSON.parse(line).port,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** Seconds of processor time that a process has had; its clock ticks a hundred times a second. */
const processorSeconds = ({ pid }) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

hurry(process.pid);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const [abused, spared] = await Promise.all([startServer(), startServer()]);
const attackers = fork(fileOf('abuse-attackers.mjs'));
// Without them there is nothing to measure.
attackers.once('exit', (code) => {
  if (code !== 0) process.exit(1);
});
await once(attackers, 'message');
const honest = [abused, spared].map(({ port }, index) => startHonest({ port, pairs, net: 16 + index }));

const takeSamples = () => {
  const [there, elsewhere] = honest.map((each) => each.takeSamples());
  return { there, elsewhere };
};

/** How the honest fared for so long, here and at the other server; what they began before does not count. */
const phase = async () => {
  await after(300);
  takeSamples();
  await after(seconds * 1000);
  return takeSamples();
};

let net = 128;
/** The same with this abuse around them, from addresses that the server has not seen for long. */
const loudPhase = async (name) => {
  net = net === 250 ? 128 : net + 1;
  const before = [abused.child, attackers].map(processorSeconds);
  const start = performance.now();
  attackers.send({ start: { name, port: abused.port, connections, addresses, net } });
  const samples = await phase();
  const [served, attacked] = [abused.child, attackers].map((child, index) => processorSeconds(child) - before[index]);
  const lasted = (performance.now() - start) / 1000;
  const stopped = once(attackers, 'message');
  attackers.send({ stop: true });
  const [{ stopped: counts }] = await stopped;
  return { samples, abuse: { ...counts, served, attacked, lasted } };
};

const measure = async (name) => {
  const quiet = [];
  const loud = [];
  const abuse = { sockets: 0, ended: 0, acts: 0, served: 0, attacked: 0, lasted: 0 };
  for (let round = 0; round < rounds; round += 1) {
    quiet.push(await phase());
    const phased = await loudPhase(name);
    loud.push(phased.samples);
    for (const key of Object.keys(abuse)) abuse[key] += phased.abuse[key];
  }
  return { name, abuse, ...summarize({ quiet, loud }) };
};

// What is loaded and compiled at first is in no phase.
await after(Math.min(3, seconds) * 1000);
const results = [];
if (!values.json) printHeader(connections);
for (const name of names) {
  const result = await measure(name);
  results.push(result);
  if (!values.json) printResult(result);
}
await Promise.all(honest.map(({ stop }) => stop()));
attackers.disconnect();
await Promise.all([abused.stop(), spared.stop()]);
const failures = honest.flatMap((each) => each.failures);
if (values.json) console.log(JSON.stringify({ results, failures }));
else for (const failure of failures) console.log(`An honest pair failed: ${failure}.`);
process.exitCode = failures.length === 0 ? 0 : 1;
