import { Worker } from 'node:worker_threads';

/** What stands still for this long hangs. */
const limitMs = 90_000;

const program = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const beats = new Int32Array(workerData.memory);
let last = -1;
let since = Date.now();
setInterval(() => {
  const now = Atomics.load(beats, 0);
  if (now !== last) { last = now; since = Date.now(); return; }
  if (Date.now() - since < workerData.limitMs) return;
  const name = workerData.names[Atomics.load(beats, 1)] ?? 'none';
  writeSync(2, 'A hang: --target ' + name + ' --from ' + Atomics.load(beats, 2) + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000);
`;

/** A second thread that ends the process, and says of what, when this one no longer gets on. */
export class Watchdog {
  readonly #beats: Int32Array;
  readonly #worker: Worker;
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    const memory = new SharedArrayBuffer(12);
    this.#names = names;
    this.#beats = new Int32Array(memory);
    this.#worker = new Worker(program, { eval: true, workerData: { memory, names, limitMs } });
    this.#worker.unref();
  }

  beat(name: string, index: number): void {
    Atomics.add(this.#beats, 0, 1);
    Atomics.store(this.#beats, 1, this.#names.indexOf(name));
    Atomics.store(this.#beats, 2, index);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
