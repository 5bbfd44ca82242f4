import type { Clock, Timer } from './clock.js';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #pending = new Set<Pending>();

  now(): number {
    return this.#now;
  }

  setTimer(ms: number, callback: () => void): Timer {
    const pending: Pending = { at: this.#now + ms, order: this.#order, callback };
    this.#order += 1;
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  /** Timers that are set and have not fired. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  /** Moves time on by `ms` milliseconds, firing each timer at its own moment and in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#nextUntil(end); next; next = this.#nextUntil(end)) {
      this.#pending.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
  }

  #nextUntil(end: number): Pending | undefined {
    let first: Pending | undefined;
    for (const pending of this.#pending) {
      const isEarlier = !first || pending.at < first.at || (pending.at === first.at && pending.order < first.order);
      if (pending.at <= end && isEarlier) first = pending;
    }
    return first;
  }
}
