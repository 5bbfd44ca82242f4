import { event, type Line, runProxim } from '../../apps/desktop/test/support/command.js';
import { inNamespace } from './proxim.js';

/** An event of `proxim --json`, and when it was read (milliseconds of `performance.now()`). */
export interface DeskEvent {
  readonly line: Line;
  readonly at: number;
}

/** A running `proxim --json` whose events keep the time at which they came. */
export interface Desk {
  /** Everything that it said so far, in order. */
  readonly events: readonly DeskEvent[];
  /** The first such event from the `from`th on; waits for it, and rejects when the program ends before. */
  after(from: number, name: string, fields?: Line): Promise<DeskEvent>;
  /** How the direct connection stands, as the desk said last. */
  peerState(): unknown;
  send(command: object): void;
  /** Waits until everything that was said before this call is among the events. */
  settled(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL' | 'SIGTERM'): void;
  /** Its exit status; null when a signal ended it. */
  ended(): Promise<number | null>;
  /** Ends it, stopped or not. */
  stop(): Promise<void>;
}

/** Starts a program of ours that writes JSON lines, inside a namespace. */
export const startDesk = (options: {
  readonly args: readonly string[];
  readonly namespace: string;
  readonly display?: string;
}): Desk => {
  const command = runProxim(options.args, {
    env: options.display === undefined ? {} : { DISPLAY: options.display },
    under: inNamespace(options.namespace, []),
  });
  const events: DeskEvent[] = [];
  const waiting = new Set<() => void>();
  let end: Error | undefined;
  const wakeAll = (): void => {
    for (const look of [...waiting]) look();
  };
  const read = async (): Promise<void> => {
    try {
      for (;;) {
        const line = await command.next(() => true);
        events.push({ line, at: performance.now() });
        wakeAll();
      }
    } catch (error) {
      end = error instanceof Error ? error : new Error(String(error));
      wakeAll();
    }
  };
  void read();
  let questions = 0;

  const after = (from: number, name: string, fields?: Line): Promise<DeskEvent> =>
    new Promise((resolve, reject) => {
      const isIt = event(name, fields);
      const look = (): void => {
        const found = events.slice(from).find(({ line }) => isIt(line));
        if (!found && !end) return;
        waiting.delete(look);
        if (found) resolve(found);
        else reject(end ?? new Error('ended'));
      };
      waiting.add(look);
      look();
    });
  return {
    events,
    after,
    peerState: () => events.findLast(({ line }) => line['event'] === 'peer')?.line['state'],
    send: (line) => {
      command.send(line);
    },
    settled: async () => {
      // The answer to a question of ours comes behind whatever was said before.
      questions += 1;
      const from = events.length;
      command.send({ command: 'close', sessionID: `nothing-${String(questions)}` });
      await after(from, 'error', { code: 'session_not_found' });
    },
    signal: (name) => {
      command.child.kill(name);
    },
    ended: () => command.ended(),
    stop: async () => {
      command.child.kill('SIGCONT');
      await command.stop();
    },
  };
};
