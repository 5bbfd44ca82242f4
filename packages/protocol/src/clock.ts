/** A timer that has not fired yet. */
export interface Timer {
  cancel(): void;
}

/** Time, passed in: real in entry points, moved by hand in tests. */
export interface Clock {
  /** Milliseconds since an origin of the clock's own; never goes back. */
  now(): number;
  /** Calls `callback` once, `ms` milliseconds from now at the earliest. */
  setTimer(ms: number, callback: () => void): Timer;
}
