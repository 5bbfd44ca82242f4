// Servers under the same load in turn, and what they spend on a frame.
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

import { Load } from './relay-load.mjs';

/** What all processes of a server have had; it says so itself where it has several. */
const serverMicros = ({ pid, pids = [pid] }) => pids.map(processorMicros).reduce((sum, micros) => sum + micros, 0);

/** Microseconds of processor that a process has had, of all its threads. Linux counts them in nanoseconds. */
const processorMicros = (pid) =>
  readdirSync(`/proc/${pid}/task`)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1000)
    .reduce((sum, micros) => sum + micros, 0);

/** @returns whether this user may have it so */
const setPriorityIfAllowed = (pid, priority) => {
  try {
    setPriority(pid, priority);
    return true;
  } catch {
    return false;
  }
};

/** The servers come first, and who makes the load takes what they leave. @returns how to be again what one was */
const giveWayTo = (pids) => {
  const before = getPriority();
  const areAhead = pids.every((pid) => setPriorityIfAllowed(pid, -20));
  if (!areAhead) setPriorityIfAllowed(process.pid, Math.min(19, before + 10));
  return () => setPriorityIfAllowed(process.pid, before);
};

/** Frames in no round: meanwhile the engine compiles what is used much, which takes longer where there is more of it. */
const warmUpFrames = 30_000;

const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;

/** What a frame costs, of the half of the rounds in which it cost least: the machine has other things to do as well. */
const betterHalf = (rounds) => {
  const best = rounds.toSorted((left, right) => left.micros / left.frames - right.micros / right.frames);
  const half = best.slice(0, Math.ceil(best.length / 2));
  const sum = (name) => half.reduce((total, round) => total + round[name], 0);
  return { microsPerFrame: sum('micros') / sum('frames'), framesPerSecond: sum('frames') / sum('seconds') };
};

const startOne = async ({ name, start, connectPair }, pairs) => {
  const server = await start();
  const connected = [];
  // A few at a time, as a listener takes them.
  while (connected.length < pairs) connected.push(await connectPair(server.port));
  return { name, server, connected, load: new Load(connected), paced: [], pressed: [], latencies: [] };
};

const spend = async ({ server, load }, work) => {
  const start = performance.now();
  const micros = serverMicros(server);
  const received = load.received;
  const latencies = await work(load);
  const frames = load.received - received;
  const seconds = (performance.now() - start) / 1000;
  return { latencies, round: { frames, seconds, micros: serverMicros(server) - micros } };
};

/**
 * Measures what servers spend on a relayed frame: at `rate` frames a second, and at full speed. All run side by side, and
 * have their turns in each round, forwards and backwards. For how `servers` are described, see relay-servers.mjs.
 *
 * @returns for each server its name; `paced` and `pressed`, each with microseconds of processor a frame and frames a second;
 * `p50` and `p99` of what a frame took when paced, in milliseconds; and how many frames it relayed
 * @throws Error when a frame was lost, changed or overtaken
 */
export const measureRelay = async ({ seconds = 2, rounds = 6, pairs = 200, rate = 4000, servers }) => {
  const running = [];
  let comeBack;
  try {
    for (const server of servers) running.push(await startOne(server, pairs));
    comeBack = giveWayTo(running.map(({ server }) => server.pid));
    for (const { load } of running) {
      while (load.received < warmUpFrames) await load.press({ seconds });
      await load.pace({ seconds, rate });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const each of round % 2 === 0 ? running : running.toReversed()) {
        const paced = await spend(each, (load) => load.pace({ seconds, rate }));
        each.paced.push(paced.round);
        each.latencies.push(...paced.latencies);
        each.pressed.push((await spend(each, (load) => load.press({ seconds }))).round);
      }
    }
    return running.map(({ name, paced, pressed, latencies, load }) => {
      const sorted = Float64Array.from(latencies).sort();
      return {
        name,
        paced: betterHalf(paced),
        pressed: betterHalf(pressed),
        p50: quantile(sorted, 0.5),
        p99: quantile(sorted, 0.99),
        frames: load.received,
      };
    });
  } finally {
    comeBack?.();
    for (const { connected, server } of running) {
      for (const { socket } of connected.flat()) socket.terminate();
      await server.stop();
    }
  }
};
