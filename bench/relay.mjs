// `npm run bench:relay -- [--seconds 2] [--rounds 6] [--pairs 200] [--rate 4000] [--json]`: what `proxim serve` spends on a
// relayed signal of some 620 bytes, as a multiple of what `ws` spends when it passes on bytes and does nothing else.
import { parseArgs } from 'node:util';

import { measureRelay } from './relay-measure.mjs';
import { bare, bareInTurns, proxim } from './relay-servers.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '6' },
    pairs: { type: 'string', default: '200' },
    rate: { type: 'string', default: '4000' },
    json: { type: 'boolean', default: false },
  },
});
const [seconds, rounds, pairs, rate] = ['seconds', 'rounds', 'pairs', 'rate'].map((name) => Number(values[name]));

const results = await measureRelay({ seconds, rounds, pairs, rate, servers: [bare, bareInTurns, proxim] });
const [least] = results;

if (values.json) {
  console.log(JSON.stringify({ results }));
} else {
  console.log(
    `| ${2 * pairs} connections | µs a frame at ${rate}/s | times bare | p50 ms | p99 ms | µs at full speed | times bare | frames/s |`,
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const { name, paced, pressed, p50, p99 } of results) {
    const cells = [
      name,
      paced.microsPerFrame.toFixed(1),
      (paced.microsPerFrame / least.paced.microsPerFrame).toFixed(2),
      p50.toFixed(2),
      p99.toFixed(2),
      pressed.microsPerFrame.toFixed(1),
      (pressed.microsPerFrame / least.pressed.microsPerFrame).toFixed(2),
      pressed.framesPerSecond.toFixed(0),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
