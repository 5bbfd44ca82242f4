import type { Clock } from '@proxim/protocol';

import { nameProblem, problemsOf } from './certificate-problems.js';
import type { TlsPair, TlsReading } from './tls-files.js';

/** Certificates are renewed weeks before their end, and the two files not always in the same moment. */
const lookEveryMs = 3_600_000;

/** Something to tell the user. */
interface Problem {
  readonly code: string;
  readonly message: string;
}

interface Options {
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly wallClock: () => number;
  readonly read: () => TlsReading;
  readonly onRenewed: (pair: TlsPair) => void;
  readonly onProblem: (problem: Problem) => void;
}

/**
 * The certificate that is served. Looks at its files every hour, and takes one that has been renewed; when that cannot be
 * served, it says so and keeps the old one. What is wrong is told once.
 */
export class ServedCertificate {
  readonly #options: Options;
  #pair: TlsPair;
  #timer: { cancel(): void };
  /** What was told, so that it is told once. */
  #told: ReadonlySet<string> = new Set();
  readonly #refusedHosts = new Set<string>();

  constructor(pair: TlsPair, options: Options) {
    this.#pair = pair;
    this.#options = options;
    this.#timer = this.#later();
  }

  /** What is served now. */
  get pair(): TlsPair {
    return this.#pair;
  }

  /** Tells what is wrong with the certificate that is served. */
  tellProblems(): void {
    this.#tell(problemsOf(this.#pair.certificate, this.#options.wallClock()));
  }

  /** Tells when phones will refuse a link. */
  checkLink(link: string): void {
    const host = new URL(link).hostname.replace(/^\[|\]$/g, '');
    const problem = nameProblem(this.#pair.certificate, host);
    if (!problem) this.#refusedHosts.delete(host);
    else if (!this.#refusedHosts.has(host)) {
      this.#refusedHosts.add(host);
      this.#options.onProblem(problem);
    }
  }

  /** Why phones may refuse links to this host, in one sentence with the cure; null when they do not. */
  problemWith(host: string): string | null {
    const { certificate } = this.#pair;
    const [problem] = problemsOf(certificate, this.#options.wallClock());
    return (nameProblem(certificate, host) ?? problem)?.message ?? null;
  }

  #look(): void {
    const reading = this.#options.read();
    if (reading.kind === 'fault') {
      this.#tell([{ code: reading.code, message: `${reading.message} The certificate from before is still used.` }]);
      return;
    }
    if (reading.pair.cert !== this.#pair.cert || reading.pair.key !== this.#pair.key) {
      this.#pair = reading.pair;
      this.#options.onRenewed(reading.pair);
    }
    this.tellProblems();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #tell(problems: readonly Problem[]): void {
    for (const problem of problems) if (!this.#told.has(problem.code)) this.#options.onProblem(problem);
    // What has gone may come again, and is told again then.
    this.#told = new Set(problems.map(({ code }) => code));
  }

  #later(): { cancel(): void } {
    return this.#options.clock.setTimer(lookEveryMs, () => {
      this.#look();
      this.#timer = this.#later();
    });
  }
}
