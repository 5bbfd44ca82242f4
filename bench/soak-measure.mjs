// What a process holds, and whether it is more than at the start.
import { readdirSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';

const mib = 1024 * 1024;
/**
 * What a session may leave on the heap, in bytes, over the second half of a run: by then all that is loaded and compiled
 * is. A session that is kept is tens of thousands of bytes; the compiler's notes on code that got hot are hundreds.
 */
const heapPerSession = 1024;
/** What compiled code and warm caches may take in all. */
const heapBound = 4 * mib;
/** The same for the whole process, native memory and what the allocator keeps for the next one included. */
const rssPerSession = 8 * 1024;
/** Sessions below which memory is not judged: what is pooled and compiled still grows to its size. */
const judgedFrom = 500;
/** What both may vary by from one look to the next. */
const noise = 8 * mib;
/** How long sockets and threads may take to go once their sessions have ended. */
const settleMs = 15_000;

const count = (folder) => readdirSync(folder).length;

const look = (server) => {
  const resources = process.getActiveResourcesInfo();
  const timers = resources.filter((name) => name === 'Timeout' || name === 'Immediate').length;
  return {
    sessions: server.counts().sessions,
    connections: server.counts().connections,
    descriptors: count('/proc/self/fd'),
    threads: count('/proc/self/task'),
    timers,
    handles: resources.length - timers,
  };
};

const held = ['descriptors', 'timers', 'handles', 'threads', 'connections', 'sessions'];
const isBack = (now, start) => held.every((name) => now[name] <= start[name]);

/** Looks once all has come to rest: when it is back at `start`, or has had its time. */
export const measure = async (server, lived, start) => {
  const until = performance.now() + settleMs;
  do {
    // Native objects go with their finalizers, a turn or two after the collection.
    for (let turn = 0; turn < 3; turn += 1) {
      globalThis.gc();
      await after(20);
    }
  } while (start && !isBack(look(server), start) && performance.now() < until);
  // Before the first session there is nothing to compare with: what still closes has this long.
  if (!start) {
    await after(2000);
    globalThis.gc();
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { lived, seconds: performance.now() / 1000, rss, heap: heapUsed, ...look(server) };
};

const columns = [
  ['lived', ({ lived }) => String(lived)],
  ['seconds', ({ seconds }) => seconds.toFixed(0)],
  ['RSS MiB', ({ rss }) => (rss / mib).toFixed(1)],
  ['heap MiB', ({ heap }) => (heap / mib).toFixed(2)],
  ['descriptors', ({ descriptors }) => String(descriptors)],
  ['timers', ({ timers }) => String(timers)],
  ['handles', ({ handles }) => String(handles)],
  ['threads', ({ threads }) => String(threads)],
  ['sessions', ({ sessions }) => String(sessions)],
  ['connections', ({ connections }) => String(connections)],
];
const line = (cells) => `| ${cells.map((cell, index) => cell.padStart(columns[index][0].length)).join(' | ')} |`;

export const printHeader = () => {
  console.log(line(columns.map(([name]) => name)));
  console.log(`| ${columns.map(([name]) => `${'-'.repeat(name.length - 1)}:`).join(' | ')} |`);
};

export const printRow = (row) => {
  console.log(line(columns.map(([, show]) => show(row))));
};

/** How the process grew while the first and the second half of the sessions lived. */
const halves = (rows) => {
  const [first, middle, last] = [rows[0], rows[Math.floor(rows.length / 2)], rows.at(-1)];
  const sessions = last.lived - middle.lived;
  return {
    rss: { first: middle.rss - first.rss, second: last.rss - middle.rss, bound: noise + sessions * rssPerSession },
    heap: {
      first: middle.heap - first.heap,
      second: last.heap - middle.heap,
      bound: noise / 16 + sessions * heapPerSession,
    },
  };
};

const inMib = (bytes) => `${(bytes / mib).toFixed(2)} MiB`;

export const printHalves = (rows) => {
  for (const [name, { first, second, bound }] of Object.entries(halves(rows))) {
    console.log(
      `${name}: ${inMib(first)} more after the first half, ${inMib(second)} after the second (${inMib(bound)})`,
    );
  }
};

/** What did not go back, a sentence each. */
export const judge = (rows) => {
  const [start, end] = [rows[0], rows.at(-1)];
  const faults = held
    .filter((name) => end[name] > start[name])
    .map((name) => `${name}: ${start[name]} before, ${end[name]} after.`);
  if (end.lived < judgedFrom) return faults;
  for (const [name, { second, bound }] of Object.entries(halves(rows))) {
    if (second > bound) faults.push(`${name} grew by more than ${inMib(bound)} in the second half.`);
  }
  if (end.heap - start.heap > heapBound) faults.push(`The heap grew by more than ${inMib(heapBound)} in all.`);
  return faults;
};
