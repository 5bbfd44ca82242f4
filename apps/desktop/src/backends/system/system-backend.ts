import type { SystemAction } from '@proxim/control';

/** What came of a command: the system has taken it, or it has not. */
export type SystemOutcome = 'done' | 'failed';

/** What locks this computer, puts it to sleep, restarts it and shuts it down. */
export interface SystemBackend {
  /** What it works through: `logind`. */
  readonly name: string;
  /** What can be done here at the moment by whoever runs Proxim, without a password. Asks, and changes nothing. */
  actions(): Promise<readonly SystemAction[]>;
  /** Does it, and says `done` only when the system has said so. */
  carryOut(action: SystemAction): Promise<SystemOutcome>;
}
