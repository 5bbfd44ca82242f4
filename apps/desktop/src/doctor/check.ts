import type { Clock } from '@proxim/protocol';

import { type Finding, unknown } from './finding.js';

/** One thing that could keep a phone from connecting. */
export interface Check {
  /** One or two words, for people and for scripts. */
  readonly name: string;
  /** @param signal is aborted when nobody waits for the answer any more */
  run(signal: AbortSignal): Promise<Finding>;
  /** Milliseconds; 5000 unless given. */
  readonly limitMs?: number;
}

/** A finding with the name of its check. */
export interface Report {
  readonly check: string;
  readonly finding: Finding;
}

const defaultLimitMs = 5000;

const runOne = (check: Check, clock: Clock): Promise<Report> =>
  new Promise((resolve) => {
    const abort = new AbortController();
    const limitMs = check.limitMs ?? defaultLimitMs;
    const finish = (finding: Finding): void => {
      timer.cancel();
      resolve({ check: check.name, finding });
    };
    const timer = clock.setTimer(limitMs, () => {
      const seconds = Math.round(limitMs / 1000);
      abort.abort();
      finish(unknown(`There was no answer within ${seconds} seconds.`, 'Run proxim doctor once more.'));
    });
    // What throws at once counts as what rejects: one check that breaks must not take the others along.
    Promise.resolve()
      .then(() => check.run(abort.signal))
      .then(finish, () => {
        finish(unknown('This check could not be carried out.', 'Run proxim doctor once more.'));
      });
  });

/**
 * Runs all checks at once, and tells what they found in the order in which they were given, each as soon as those before
 * it have been told. One that throws, or that has no answer in time, has found `unknown`.
 */
export const runChecks = async (
  checks: readonly Check[],
  clock: Clock,
  onReport: (report: Report) => void,
): Promise<readonly Report[]> => {
  const reports: Report[] = [];
  for (const pending of checks.map((check) => runOne(check, clock))) {
    const report = await pending;
    reports.push(report);
    onReport(report);
  }
  return reports;
};
