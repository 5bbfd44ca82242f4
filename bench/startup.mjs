// How long `proxim` takes to show its QR code, as a multiple of what Node takes to start and do nothing: both are
// measured in turn in this run, since machines differ and are shared.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../apps/desktop/bin/proxim.js', import.meta.url));
const rounds = Number(process.argv[2] ?? 15);

/** Milliseconds until the end of a Node that does nothing. */
const bare = async () => {
  const start = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - start;
};

/** Milliseconds until the link below the QR code has been written to the terminal. */
const untilCode = async () => {
  const start = performance.now();
  const child = spawn(process.execPath, [program, '--no-open', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DISPLAY: '' },
  });
  const exited = once(child, 'exit');
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk;
    if (/#v=1&s=\S+/.test(text)) break;
  }
  const elapsed = performance.now() - start;
  child.kill('SIGTERM');
  await exited;
  return elapsed;
};

const median = (values) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];

const nothing = [];
const code = [];
for (let round = 0; round < rounds; round += 1) {
  nothing.push(await bare());
  code.push(await untilCode());
}
const ratio = median(code) / median(nothing);
console.log('| what | median of %d |', rounds);
console.log('| --- | --- |');
console.log(`| \`node -e 0\` | ${median(nothing).toFixed(0)} ms |`);
console.log(`| \`proxim\` to the QR code | ${median(code).toFixed(0)} ms |`);
console.log(`| ratio (target ≤ 6) | ${ratio.toFixed(1)} |`);
