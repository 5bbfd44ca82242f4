// `npm run scaling`: ten million desktops on paper. Writes what came of it into docs/scaling.md; `--dry` only prints it.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { answer, valuesOf } from './scaling/model.mjs';
import * as tables from './scaling/tables.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    dry: { type: 'boolean' },
    sample: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
/** The table of what-ifs counts one in so many: what it shows are seconds. */
const sensitivitySample = 100;

const read = (name) => JSON.parse(readFileSync(new URL(`scaling/${name}`, import.meta.url), 'utf8'));
const described = read('costs.json');
const assumptions = read('assumptions.json');
const [costs, given] = [valuesOf(described.costs), valuesOf(assumptions)];

const secondsSince = (then) => ((performance.now() - then) / 1000).toFixed(0);
const begun = performance.now();
const found = answer({ costs, given, seed, sample: Number(values.sample) });

const answeredIn = secondsSince(begun);

const variants = [
  { name: 'as assumed', costs, given, day: found.day },
  ...Object.keys(costs).map((name) => ({
    name: `\`${name}\` doubled`,
    costs: { ...costs, [name]: costs[name] * 2 },
    given,
    day: found.day,
  })),
  { name: 'all desktops on, day and night', costs, given: { ...given, onAtNight: 1, onAtDay: 1 } },
  { name: 'twice the visits', costs, given: { ...given, visitsPerDay: given.visitsPerDay * 2 } },
  { name: 'the names lead elsewhere after 120 s', costs, given: { ...given, failoverSeconds: 120 }, day: found.day },
  { name: '4096 may wait at a proxy core', costs, given: { ...given, backlog: 4096 }, day: found.day },
  {
    name: 'the same, and `tlsConnectCpu` doubled',
    costs: { ...costs, tlsConnectCpu: costs.tlsConnectCpu * 2 },
    given: { ...given, backlog: 4096 },
    day: found.day,
  },
];
const sensitivity = variants.map(({ name, ...variant }) => ({
  name,
  ...answer({ ...variant, seed, sample: sensitivitySample }),
}));

const blocks = {
  costs: tables.costTable(described),
  assumptions: tables.assumptionTable(assumptions),
  need: tables.needTable(found),
  events: `${tables.eventTable(found, given)}\n\n${tables.otherFacts(found)}`,
  sensitivity: tables.sensitivityTable(sensitivity),
};

if (values.dry) for (const block of Object.values(blocks)) console.log(`${block}\n`);
else {
  const page = new URL('../docs/scaling.md', import.meta.url);
  let text = readFileSync(page, 'utf8');
  for (const [name, block] of Object.entries(blocks)) {
    const place = new RegExp(`(<!-- ${name}: written by npm run scaling -->)[^]*?(<!-- end of ${name} -->)`);
    if (!place.test(text)) throw new Error(`docs/scaling.md has no place for ${name}`);
    text = text.replace(place, (_, start, end) => `${start}\n\n${block}\n\n${end}`);
  }
  writeFileSync(page, text);
  writeFileSync(new URL('../docs/images/scaling-day.svg', import.meta.url), tables.dayPicture(found));
  writeFileSync(new URL('../docs/images/scaling-region-lost.svg', import.meta.url), tables.regionPicture(found));
}
console.error(`seed ${seed}: the fleet in ${answeredIn} s, what it depends on in all ${secondsSince(begun)} s`);
