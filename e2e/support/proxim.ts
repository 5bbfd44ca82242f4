import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { endProcess } from '../../apps/desktop/test/support/x-process.js';

/** One line that `proxim --json` wrote. */
export type ProximEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** A running `proxim --json`, driven as a script would drive it. */
export interface Proxim {
  readonly child: ChildProcess;
  /** The next event of this kind that nobody has taken yet; waits for it, and rejects when the program ends before. */
  next(event: string, where?: (event: ProximEvent) => boolean): Promise<ProximEvent>;
  send(command: object): void;
  /** All that it wrote to standard error. */
  errors(): string;
  /** Ends it by a signal and resolves with its exit status. */
  stop(): Promise<number | null>;
}

const program = fileURLToPath(new URL('../../apps/desktop/bin/proxim.js', import.meta.url));

/** A command line that runs inside a network namespace, when there is one. */
export const inNamespace = (namespace: string | undefined, command: readonly string[]): readonly string[] =>
  namespace === undefined ? command : ['ip', 'netns', 'exec', namespace, ...command];

/** Starts `proxim --json` with more flags. */
export const startProxim = (options: {
  readonly args: readonly string[];
  readonly display?: string;
  readonly namespace?: string | undefined;
}): Proxim => {
  const [command = process.execPath, ...args] = inNamespace(options.namespace, [
    process.execPath,
    program,
    '--json',
    '--no-open',
    '--port',
    '0',
    ...options.args,
  ]);
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Without a screen of the test's own there is none: never the one of whoever runs the tests.
    env: { ...process.env, DISPLAY: options.display ?? '' },
  });
  const seen: ProximEvent[] = [];
  const waiting = new Set<() => void>();
  let hasEnded = false;
  let stderr = '';
  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen.push(JSON.parse(line) as ProximEvent);
    wakeAll();
  });
  child.on('exit', () => {
    hasEnded = true;
    wakeAll();
  });

  return {
    child,
    next: (event, where = () => true) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const index = seen.findIndex((candidate) => candidate.event === event && where(candidate));
          const found = index < 0 ? undefined : seen.splice(index, 1)[0];
          if (!found && !hasEnded) return;
          waiting.delete(look);
          if (found) resolve(found);
          else reject(new Error(`proxim ended before the event ${event}. It said: ${stderr}`));
        };
        waiting.add(look);
        look();
      }),
    send: (message) => {
      child.stdin.write(`${JSON.stringify(message)}\n`);
    },
    errors: () => stderr,
    stop: async () => {
      await endProcess(child);
      return child.exitCode;
    },
  };
};
