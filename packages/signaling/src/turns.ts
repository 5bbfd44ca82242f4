import type { Clock } from '@proxim/protocol';

/** Milliseconds at a time for what can wait, before whatever else there is to do has its turn. */
const budget = 0.2;

/**
 * Work that can wait: what heavy users ask for. It is done in the order in which it came, a little in each turn of the
 * event loop, so that everybody else waits for that little and not for all of it.
 */
export class Turns {
  readonly #clock: Pick<Clock, 'now'>;
  #works: (() => void)[] = [];
  #done = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  add(work: () => void): void {
    this.#works.push(work);
    if (this.#works.length === 1) this.#schedule();
  }

  #schedule(): void {
    setImmediate(() => {
      this.#work();
    });
  }

  #work(): void {
    const until = this.#clock.now() + budget;
    // What is added meanwhile has to wait for the next turn, also where the clock stands still.
    const count = this.#works.length;
    while (this.#done < count && this.#clock.now() <= until) {
      const work = this.#works[this.#done];
      this.#done += 1;
      work?.();
    }
    // Seldom enough to cost nothing, often enough to keep no memory.
    if (this.#done === this.#works.length || this.#done > 1000) {
      this.#works = this.#works.slice(this.#done);
      this.#done = 0;
    }
    if (this.#works.length > 0) this.#schedule();
  }
}
