// `npm run faults`: every fault for as long as it may last, on hosts of the tests' own; writes docs/recovery.md's table.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, release, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { installPackages } from './install.mjs';
import { root, runNode } from './run.mjs';
import { installSystemTools } from './system-tools.mjs';

const page = join(root, 'docs/recovery.md');
const begin = '<!-- figures: written by npm run faults -->';
const end = '<!-- end of figures -->';

/** What the tests measured, in the order of their files. */
const measure = () => {
  const folder = mkdtempSync(join(tmpdir(), 'proxim-faults-'));
  const file = join(folder, 'faults.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--project', 'faults', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { status } = spawnSync(process.execPath, [vitest, ...args], { cwd: root, stdio: 'inherit' });
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  const measured = testResults
    .map(({ name, assertionResults }) => ({ name: relative(root, name), assertionResults }))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap(({ assertionResults }) => assertionResults.flatMap(({ meta }) => meta?.measured ?? []));
  return { status, measured };
};

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** One figure, or the median and the largest of several; a dash where nothing was to be noticed. */
const figure = (values) => {
  const sorted = values.filter((value) => value !== null).sort((left, right) => left - right);
  const [first] = sorted;
  if (first === undefined) return '–';
  if (sorted.length === 1) return seconds(first);
  return `${seconds(sorted[Math.floor((sorted.length - 1) / 2)])}, at most ${seconds(sorted.at(-1))}`;
};

const tableOf = (measured) => {
  const rows = new Map();
  for (const one of measured) {
    const name = `${one.fault}\n${one.happens}`;
    rows.set(name, [...(rows.get(name) ?? []), one]);
  }
  const lines = [...rows.values()].map((same) => {
    const [{ fault, happens }] = same;
    const times = same.length === 1 ? '' : ` (${same.length} times)`;
    const columns = ['phoneNoticedMs', 'deskNoticedMs', 'backMs'].map((name) => figure(same.map((one) => one[name])));
    return `| ${[`${fault}${times}`, happens, ...columns].join(' | ')} |`;
  });
  return [
    '| Fault | What happens | Phone notices after | Desk notices after | Back after |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
};

const machine = () => {
  const [, chromium = 'unknown'] =
    /(\d+(?:\.\d+)+)/.exec(execFileSync('chromium', ['--version'], { encoding: 'utf8' })) ?? [];
  const [linux] = release().split('-');
  return `Node ${process.versions.node}, Chromium ${chromium}, Linux ${linux}, ${availableParallelism()} cores.`;
};

installPackages();
installSystemTools();
runNode(join(root, 'scripts/build.mjs'));
const { status, measured } = measure();
const table = tableOf(measured);
console.log(table);
if (status === 0) {
  // Only now: in a fresh clone it has just been installed.
  const { format, resolveConfig } = await import('prettier');
  const text = readFileSync(page, 'utf8');
  const head = text.slice(0, text.indexOf(begin) + begin.length);
  const tail = text.slice(text.indexOf(end));
  const written = `${head}\n\nMeasured with ${machine()}\n\n${table}\n\n${tail}`;
  writeFileSync(page, await format(written, { ...(await resolveConfig(page)), filepath: page }));
} else {
  console.error('A fault did not end as it should: docs/recovery.md stays as it is.');
  process.exitCode = 1;
}
