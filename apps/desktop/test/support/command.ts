import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { endProcess } from './x-process.js';

const repositoryHere = fileURLToPath(new URL('../../../..', import.meta.url));

/** One line of JSON that the program wrote. */
export type Line = Readonly<Record<string, unknown>>;

/** The program, run as a script would run it. */
export interface Command {
  readonly child: ChildProcess;
  /** The next line for which `where` holds and that nobody has taken yet; rejects when the program ends before. */
  next(where: (line: Line) => boolean): Promise<Line>;
  /** The lines that nobody has taken. */
  seen(): readonly Line[];
  /** Writes one line to its standard input: a command, or any text. */
  send(line: object | string): void;
  /** Closes its standard input. */
  endInput(): void;
  /** What it wrote to standard error so far. */
  errors(): string;
  /** Waits for its end: the exit status, or null when a signal ended it. */
  ended(): Promise<number | null>;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/**
 * Runs `proxim` with these arguments, under another program (`strace`) when `under` names one.
 *
 * @param options `repository`: where the program sees this repository, when that is not here
 */
export const runProxim = (
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly under?: readonly string[];
    readonly repository?: string;
  } = {},
): Command => {
  const program = join(options.repository ?? repositoryHere, 'apps/desktop/bin/proxim.js');
  const [command = process.execPath, ...rest] = [...(options.under ?? []), process.execPath, program, ...args];
  // What a run remembers is no other run's, unless a test gives both the same folder.
  const home = mkdtempSync(join(tmpdir(), 'proxim-home-'));
  const child = spawn(command, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, DISPLAY: '', XDG_DATA_HOME: home, ...options.env },
  });
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  let stderr = '';
  let hasEnded = false;
  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as Line);
    wakeAll();
  });
  const exit = once(child, 'close').then(() => {
    hasEnded = true;
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    wakeAll();
  });

  return {
    child,
    next: (where) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const index = lines.findIndex(where);
          const found = index < 0 ? undefined : lines.splice(index, 1)[0];
          if (!found && !hasEnded) return;
          waiting.delete(look);
          if (found) resolve(found);
          else reject(new Error(`proxim ended first. It said: ${stderr}`));
        };
        waiting.add(look);
        look();
      }),
    seen: () => lines,
    send: (line) => {
      child.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
    },
    endInput: () => {
      child.stdin.end();
    },
    errors: () => stderr,
    ended: async () => {
      await exit;
      return child.exitCode;
    },
    stop: async (signal) => {
      await endProcess(child, signal);
      await exit;
      return child.exitCode;
    },
  };
};

/** For {@link Command.next}: a line with this `event`, and these fields where given. */
export const event =
  (name: string, fields: Line = {}) =>
  (line: Line): boolean =>
    line['event'] === name && Object.entries(fields).every(([key, value]) => line[key] === value);
