import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends a process by its own id, and waits until it has ended. `SIGKILL` is for tests of sudden ends. */
export const endProcess = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
};
