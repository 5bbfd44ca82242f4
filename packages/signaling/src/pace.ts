import { type BucketRules, type Clock, TokenBucket } from '@proxim/protocol';

/** The least that one waits, in milliseconds: one timer for several of the works that wait. */
const leastWaitMs = 10;

const refusedCosts = 4;

/** The part of its burst that an address may use before it has to wait its turn. */
const lightPart = 0.2;

/**
 * How fast an address is served, however many connections it has. What goes beyond it is not refused: it waits, in the
 * order in which it came, and its connections are not read from meanwhile.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #rules: BucketRules;
  readonly #bucket: TokenBucket;
  #waiting: (() => void)[] = [];

  constructor(rules: BucketRules, clock: Clock) {
    this.#clock = clock;
    this.#rules = rules;
    this.#bucket = new TokenBucket(rules, clock.now());
  }

  /** Whether something waits. */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether something may be done at once. Not while something else waits: nobody overtakes. */
  take(now: number): boolean {
    return !this.isBehind && this.#bucket.take(now);
  }

  /** The same for what need not wait its turn: an address that has sent much lately has nothing of the kind. */
  takeLightly(now: number): boolean {
    return this.#bucket.has(now, this.#rules.burst * (1 - lightPart)) && this.take(now);
  }

  /** What had to be refused costs the address more than what is done for it. */
  charge(): void {
    this.#bucket.charge(refusedCosts, this.#clock.now());
  }

  /** Does it when its time has come. */
  wait(work: () => void): void {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) this.#schedule();
  }

  isFull(now: number): boolean {
    return !this.isBehind && this.#bucket.isFull(now);
  }

  #schedule(): void {
    this.#clock.setTimer(Math.max(leastWaitMs, 1000 / this.#rules.rate), () => {
      this.#work();
    });
  }

  #work(): void {
    const now = this.#clock.now();
    let count = 0;
    while (count < this.#waiting.length && this.#bucket.take(now)) count += 1;
    const due = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    if (this.#waiting.length > 0) this.#schedule();
    for (const work of due) work();
  }
}
