import type { TestContext } from 'vitest';

/** What one fault did, for the table in the documentation. Times in milliseconds. */
export interface Measured {
  /** What was done to whom. */
  readonly fault: string;
  /** What the two people saw. */
  readonly happens: string;
  /** From the fault until the phone said so; null when it never had to. */
  readonly phoneNoticedMs: number | null;
  readonly deskNoticedMs: number | null;
  /** From the fault's end until the pad moved the pointer again; null when it ended with a sentence. */
  readonly backMs: number | null;
}

declare module 'vitest' {
  interface TaskMeta {
    measured?: Measured[];
  }
  interface ProvidedContext {
    /** `short` with every run of the tests; `long` for the figures in docs/recovery.md. */
    faultLength: 'short' | 'long';
  }
}

/** Keeps a figure with its test: the reporter hands it to `npm run faults`. */
export const report = (task: TestContext['task'], measured: Measured): void => {
  (task.meta.measured ??= []).push(measured);
};
