import type { X11Connection } from './connection.js';
import { noSymbol } from './keysym.js';

/** Time in milliseconds, from any origin; injected so that tests need not wait. */
export interface SettleClock {
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

export interface SpareKeycodesOptions {
  readonly connection: Pick<X11Connection, 'remap' | 'sync'>;
  readonly clock: SettleClock;
  /** How long programs are given to hear that keycodes mean something else, before one is pressed; in milliseconds. */
  readonly settleMs: number;
  /** How long a keycode keeps its meaning after it was pressed, in milliseconds: how far behind a program may be. */
  readonly keepMs: number;
  /** The same, the first time after somebody else has changed the keyboard, which gives every program much to do. */
  readonly keepAfterChangeMs: number;
}

/**
 * How often the server is asked something for nothing before a keycode changes again. To xterm, reading the keyboard is
 * some twenty round trips: while the server is slow to answer (a window manager grabs all its keys anew at each change),
 * so is it to us.
 */
const roundTrips = 60;
/** Runs shorter than this do not pay, where there are longer ones. */
const shortestRun = 3;

/**
 * Keycodes without a meaning, lent to characters that the desktop's layout lacks.
 *
 * A program asks the server what a keycode means when it hears of a change (MappingNotify), and that is the meaning it
 * has by then, not the one when the key was pressed. So a keycode keeps its meaning for a while after it was pressed,
 * and what is lent stays lent until its keycode is needed: a text with few foreign characters changes little.
 */
export class SpareKeycodes {
  readonly #options: SpareKeycodesOptions;
  /** The keysym of each lent keycode, with and without Shift; the least recently used is first. */
  readonly #lent = new Map<number, number>();
  /** What is to change with the next `commit`, and which lent keycodes must not. */
  readonly #staged = new Map<number, number>();
  readonly #reserved = new Set<number>();
  /** Changes that the server will report, though they are ours: first keycode and count. */
  readonly #expected: string[] = [];
  /** In the order of preference. */
  #spares: readonly number[] = [];
  /** Keys that may be written again, with the keysyms that they have. */
  #simpleKeys: ReadonlyMap<number, readonly [plain: number, shifted: number]> = new Map();
  /** Somebody else has changed the keyboard since programs were waited for last. */
  #isUnquiet = true;
  /** When a lent keycode was pressed last. */
  #pressedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SpareKeycodesOptions) {
    this.#options = options;
  }

  /** The lent keycodes that still mean what we gave them; the others have been changed by somebody else. */
  stillLent(meaningOf: (keycode: number) => readonly number[]): ReadonlySet<number> {
    for (const [keycode, keysym] of this.#lent) {
      const [plain, shifted] = meaningOf(keycode);
      if (plain !== keysym || shifted !== keysym) this.#lent.delete(keycode);
    }
    return new Set(this.#lent.keys());
  }

  /** Takes note, whenever the keyboard has been read, of the keycodes that may be lent and the keys that may be written along. */
  adopt(spares: readonly number[], simpleKeys: ReadonlyMap<number, readonly [plain: number, shifted: number]>): void {
    this.#isUnquiet = true;
    this.#simpleKeys = simpleKeys;
    // A keycode without neighbours costs a request of its own, so those with the most neighbours are all there is.
    this.#spares = spares;
    const runs = this.#runsOf(spares).filter((run) => run.length >= shortestRun);
    if (runs.length > 0) this.#spares = runs.sort((a, b) => b.length - a.length).flat();
  }

  /** Whether a change that the server reports is one of ours, which it reports once each. */
  isOurs(first: number, count: number): boolean {
    const index = this.#expected.indexOf(`${String(first)}+${String(count)}`);
    if (index >= 0) this.#expected.splice(index, 1);
    return index >= 0;
  }

  /**
   * Finds or chooses a keycode for a keysym, which it has after `commit`.
   *
   * Returns undefined when every spare keycode is `taken` (pressed now) or needed before the next `commit`.
   */
  choose(keysym: number, taken: (keycode: number) => boolean): number | undefined {
    for (const [keycode, each] of this.#staged) if (each === keysym) return keycode;
    for (const [keycode, each] of this.#lent) {
      if (each !== keysym || taken(keycode) || this.#staged.has(keycode)) continue;
      this.#lent.delete(keycode);
      this.#lent.set(keycode, each);
      this.#reserved.add(keycode);
      return keycode;
    }
    const isFree = (keycode: number) => !taken(keycode) && !this.#staged.has(keycode) && !this.#reserved.has(keycode);
    const keycode =
      this.#spares.find((each) => isFree(each) && !this.#lent.has(each)) ?? [...this.#lent.keys()].find(isFree);
    if (keycode !== undefined) this.#staged.set(keycode, keysym);
    return keycode;
  }

  /** Gives the chosen keycodes their keysyms, and waits until programs know. */
  async commit(): Promise<void> {
    this.#reserved.clear();
    if (this.#staged.size === 0) return;
    if ([...this.#staged.keys()].some((keycode) => this.#lent.has(keycode))) await this.#letProgramsLook();
    for (const [keycode, keysym] of this.#staged) {
      this.#lent.delete(keycode);
      this.#lent.set(keycode, keysym);
    }
    this.#write([...this.#staged.keys()]);
    this.#staged.clear();
    await this.#options.clock.wait(this.#options.settleMs);
  }

  /** Says that a lent keycode has been pressed, and must keep its meaning for a while. */
  pressed(): void {
    this.#pressedAt = this.#options.clock.now();
  }

  /** Gives every lent keycode back what it held. */
  async restore(): Promise<void> {
    if (this.#lent.size === 0) return;
    await this.#letProgramsLook();
    const keycodes = [...this.#lent.keys()];
    this.#lent.clear();
    this.#write(keycodes);
  }

  async #letProgramsLook() {
    const { connection, clock, keepMs, keepAfterChangeMs } = this.#options;
    for (let count = 0; count < roundTrips; count++) await connection.sync();
    const rest = this.#pressedAt + (this.#isUnquiet ? keepAfterChangeMs : keepMs) - clock.now();
    this.#isUnquiet = false;
    if (rest > 0) await clock.wait(rest);
  }

  /**
   * Tells the server what keycodes mean now, in as few requests as can be.
   *
   * Each request makes every program on the screen read its whole keyboard again (1 ms in xterm), so the simple keys
   * between are written along, with the keysyms that they have.
   */
  #write(changed: readonly number[]) {
    for (const run of this.#runsOf(changed)) {
      const [first = 0] = run;
      const last = run.at(-1) ?? first;
      const keysyms: number[] = [];
      for (let keycode = first; keycode <= last; keycode++) {
        const lent = this.#lent.get(keycode);
        const own = this.#simpleKeys.get(keycode) ?? [noSymbol, noSymbol];
        keysyms.push(...(lent === undefined ? own : [lent, lent]));
      }
      this.#expected.push(`${String(first)}+${String(last - first + 1)}`);
      this.#options.connection.remap(first, keysyms);
    }
  }

  /** Parts keycodes into runs that one request each can write. */
  #runsOf(keycodes: readonly number[]): number[][] {
    const runs: number[][] = [];
    for (const keycode of keycodes.toSorted((a, b) => a - b)) {
      const run = runs.at(-1);
      const last = run?.at(-1);
      if (run !== undefined && last !== undefined && this.#mayWriteBetween(last, keycode)) run.push(keycode);
      else runs.push([keycode]);
    }
    return runs;
  }

  #mayWriteBetween(from: number, to: number): boolean {
    for (let keycode = from + 1; keycode < to; keycode++) {
      if (!this.#simpleKeys.has(keycode) && !this.#spares.includes(keycode)) return false;
    }
    return true;
  }
}
