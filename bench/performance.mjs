// `npm run bench -- [--short] [--json] [PART …]`: what Proxim costs, each figure a ratio taken in one run, both sides taking
// turns. A full run takes a quarter of an hour, and writes docs/performance.md and its picture. A short one, and one of
// some parts only, is printed and writes nothing: it says that everything works, and little about costs.
import { parseArgs } from 'node:util';

import { measureCluster } from './performance/cluster.mjs';
import { measureDirect } from './performance/direct.mjs';
import { measureGrowth } from './performance/growth.mjs';
import { measureIdle } from './performance/idle.mjs';
import { machineFacts } from './performance/machine.mjs';
import { writePage } from './performance/page.mjs';
import { measurePairing } from './performance/pairing.mjs';
import { measureRelaying } from './performance/relay.mjs';
import { hurry } from './performance/servers/hurry.mjs';
import { floorOf, listOf, summaryOf, tableOf } from './performance/table.mjs';

/** What is measured, in the order of the table, and for how long. */
const parts = {
  relay: {
    measure: measureRelaying,
    full: { seconds: 2, rounds: 8 },
    short: { seconds: 0.1, rounds: 1, pairs: 20 },
  },
  cluster: {
    measure: measureCluster,
    full: { seconds: 2, rounds: 6 },
    short: { seconds: 0.1, rounds: 1, pairs: 20 },
  },
  pairing: {
    measure: measurePairing,
    full: { seconds: 3, rounds: 6 },
    short: { seconds: 0.2, rounds: 1 },
  },
  direct: {
    measure: measureDirect,
    full: { rounds: 60 },
    short: { rounds: 1 },
  },
  idle: {
    measure: measureIdle,
    full: { sessions: 9000, rounds: 2, settleSeconds: 3 },
    short: { sessions: 100, rounds: 1, settleSeconds: 0.1 },
  },
  growth: {
    measure: measureGrowth,
    // As long as lies between two heartbeats of a connection.
    full: { sessions: [500, 3000, 9000], rounds: 3, seconds: 15, settleSeconds: 3 },
    short: { sessions: [20, 40, 80], rounds: 1, seconds: 0.2, settleSeconds: 0.1 },
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) throw new Error(`No such part: ${unknown.join(', ')}`);
const names = positionals.length > 0 ? positionals : Object.keys(parts);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

hurry(process.pid, -15);
const facts = machineFacts();
const figures = [];
for (const name of names) {
  const { measure, full, short } = parts[name];
  if (!values.json) console.error(`measuring ${name}`);
  figures.push(...(await measure(values.short ? short : full)));
}

if (values.json) console.log(JSON.stringify({ facts, figures }));
else console.log(`${tableOf(figures)}\n\n${floorOf(figures)}\n\n${summaryOf(figures)}\n\n${listOf(facts)}`);
if (!values.short && positionals.length === 0) {
  await writePage({ facts, figures, minutes: performance.now() / 60_000 });
  if (!values.json) console.error('written to docs/performance.md');
}
