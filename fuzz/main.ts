// What `npm run fuzz` runs, once it is built: old failures first, then new inputs until the budget is spent.
import { randomInt } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';

import { type Finding, type Outcome, replay, runTarget, shrunk } from './run-target.js';
import { readSeeds, writeSeed } from './seeds.js';
import { readSettings } from './settings.js';
import type { Target } from './target.js';
import { targets } from './targets.js';
import { Watchdog } from './watchdog.js';

const [folder = '', ...args] = process.argv.slice(2);
const settings = readSettings(args, () => randomInt(2 ** 31));
const chosen = targets.filter(({ name }) => settings.target === undefined || name === settings.target);
if (chosen.length === 0) throw new Error(`The targets are ${targets.map(({ name }) => name).join(', ')}.`);

const mib = 1024 * 1024;
/** What compiled code and warm caches may take. */
const heapBound = 8 * mib;
/** In a long run every target has its turn this often. */
const roundMs = 300_000;

const watchdog = new Watchdog([...targets.map(({ name }) => name)]);
const findings: Finding[] = [];
let current = 'none';
let currentIndex = 0;
const beat = (index: number): void => {
  currentIndex = index;
  watchdog.beat(current, index);
};

for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (fault: unknown) => {
    const said = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    // At once: what broke may have been the fuzzer itself, and then nothing comes after.
    console.log(`${event}: ${said}`);
    process.exitCode = 1;
    findings.push({ target: current, index: currentIndex, input: null, fault: `${event}: ${said}` });
  });
}

const heap = async (): Promise<number> => {
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.();
    await after(20);
  }
  return process.memoryUsage().heapUsed;
};

const report = async (target: Target | undefined, finding: Finding): Promise<void> => {
  const { index, fault } = finding;
  const again = index === undefined ? '' : ` --from ${index}`;
  console.log(`\n${finding.target}: ${fault}`);
  console.log(`again: npm run fuzz -- --seed ${settings.seed} --target ${finding.target}${again} --frames 1`);
  if (!target || index === undefined || finding.input === null) return;
  const input = await shrunk(target, finding);
  const file = writeSeed(folder, `${finding.target}-${settings.seed}-${index}`, {
    target: finding.target,
    note: fault,
    input,
  });
  console.log(`kept as fuzz/seeds/${file}`);
};

const row = (cells: readonly (string | number)[]): string => {
  const [name = '', ...rest] = cells.map(String);
  return `| ${[name.padEnd(18), ...rest.map((cell) => cell.padStart(10))].join(' | ')} |`;
};

const seeds = readSeeds(folder).filter(({ target }) => chosen.some(({ name }) => name === target));
for (const { file, target: name, input } of seeds) {
  const target = chosen.find((one) => one.name === name);
  current = name;
  const fault = target && (await replay(target, input));
  if (fault === undefined) continue;
  console.log(`fuzz/seeds/${file}: ${fault}`);
  findings.push({ target: name, index: undefined, input: null, fault });
}
console.log(`seed ${settings.seed}, ${seeds.length} inputs of former runs replayed`);

const { budget } = settings;
const weights = chosen.reduce((sum, { weight }) => sum + weight, 0);
const rounds = budget.kind === 'time' ? Math.max(1, Math.round(budget.ms / roundMs)) : 1;

/** Lets a target run for its part of a round. */
const turn = async (target: Target, from: number): Promise<Outcome> => {
  const part = target.weight / weights;
  const until = performance.now();
  // By frames, the slow ones have a small part; where time counts, all have the same.
  const ms = budget.kind === 'time' ? budget.ms / rounds / chosen.length : 0;
  const goesOn =
    budget.kind === 'time'
      ? () => performance.now() < until + ms
      : (frames: number) => frames < Math.ceil(budget.frames * part);
  return await runTarget(target, { seed: settings.seed, from, goesOn, beat });
};

// What is loaded and compiled with the first inputs is not what they leave behind.
for (const target of chosen) {
  if (target.budgetMs !== undefined) continue;
  await runTarget(target, { seed: 0, from: 0, goesOn: (frames) => frames < 200, beat: () => undefined });
}
const heapBefore = await heap();
const begun = performance.now();
const sums = new Map<string, { frames: number; next: number; ms: number; slowestMs: number }>();
for (let round = 0; round < rounds; round += 1) {
  for (const target of chosen) {
    const { name } = target;
    const before = sums.get(name) ?? { frames: 0, next: settings.from, ms: 0, slowestMs: 0 };
    current = name;
    const from = performance.now();
    const outcome = await turn(target, before.next);
    sums.set(name, {
      frames: before.frames + outcome.frames,
      next: outcome.next,
      ms: before.ms + performance.now() - from,
      slowestMs: Math.max(before.slowestMs, outcome.slowestMs),
    });
    for (const finding of outcome.findings) await report(target, finding);
    findings.push(...outcome.findings);
  }
}
const seconds = (performance.now() - begun) / 1000;
current = 'none';
const heapAfter = await heap();

console.log(`\n${row(['target', 'inputs', 'frames', 'frames/s', 'seconds', 'slowest ms'])}`);
console.log(row(['-'.repeat(18), ...Array<string>(5).fill(`${'-'.repeat(9)}:`)]));
for (const [name, { frames, next, ms, slowestMs }] of sums) {
  const perSecond = Math.round((frames / ms) * 1000);
  console.log(row([name, next - settings.from, frames, perSecond, (ms / 1000).toFixed(1), slowestMs.toFixed(1)]));
}
const frames = [...sums.values()].reduce((sum, one) => sum + one.frames, 0);
const inMib = (bytes: number): string => `${(bytes / mib).toFixed(1)} MiB`;
console.log(
  `\n${frames} frames in ${seconds.toFixed(0)} s, ${Math.round(frames / seconds)} frames/s; ` +
    `heap ${inMib(heapBefore)} before, ${inMib(heapAfter)} after`,
);
if (heapAfter - heapBefore > heapBound) {
  findings.push({ target: 'none', index: undefined, input: null, fault: 'the heap has grown' });
}
await watchdog.stop();
for (const { target, fault } of findings) console.log(`${target}: ${fault}`);
console.log(findings.length === 0 ? 'Nothing was found.' : `${findings.length} findings.`);
process.exitCode = findings.length === 0 ? 0 : 1;
