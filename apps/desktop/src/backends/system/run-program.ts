import { execFile } from 'node:child_process';

/** One program with its arguments: no shell reads them. */
export interface Program {
  readonly program: string;
  readonly args: readonly string[];
}

export interface ProgramEnd {
  /** Whether it ended by itself, with status 0. */
  readonly isOk: boolean;
  /** What it wrote to standard output. */
  readonly output: string;
}

export type RunProgram = (program: Program) => Promise<ProgramEnd>;

/** A program that takes longer is ended, and has failed. */
const withinMs = 10_000;

/** Runs programs in this environment, each to its end. What cannot be run has failed: nothing is thrown. */
export const programRunner =
  (env: NodeJS.ProcessEnv): RunProgram =>
  ({ program, args }) =>
    new Promise((resolve) => {
      execFile(
        program,
        [...args],
        { env, timeout: withinMs, maxBuffer: 65_536, windowsHide: true },
        (error, output) => {
          resolve({ isOk: error === null, output });
        },
      );
    });
