// Measures what the model of a fleet counts with: a real `proxim serve`, an nginx with TLS in front of it, a real
// nats-server between two nodes. `--write` puts the figures into costs.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';

import { measureNats } from './measure-nats.mjs';
import { measureProxy } from './measure-proxy.mjs';
import { measureServer } from './measure-server.mjs';

const { values } = parseArgs({ options: { write: { type: 'boolean' }, pairs: { type: 'string', default: '4000' } } });
const pairs = Number(values.pairs);
const file = new URL('costs.json', import.meta.url);

const log = (text) => process.stderr.write(`${text}\n`);
log('a server');
const server = await measureServer(pairs);
log('nginx with TLS');
const proxy = await measureProxy(Math.ceil(pairs / 4));
log('NATS');
const nats = await measureNats(Math.ceil(pairs / 4));
const measured = { ...server, ...proxy, ...nats };
for (const [name, value] of Object.entries(measured)) console.log(name.padEnd(28), value.toPrecision(3));

if (values.write) {
  const known = JSON.parse(readFileSync(file, 'utf8'));
  for (const [name, value] of Object.entries(measured)) known.costs[name].value = Number(value.toPrecision(3));
  known.machine = `${cpus()[0].model}, ${cpus().length} cores, Linux ${release()}, Node ${process.versions.node}`;
  known.measured = new Date().toISOString().slice(0, 10);
  writeFileSync(file, `${JSON.stringify(known, null, 2)}\n`);
}
