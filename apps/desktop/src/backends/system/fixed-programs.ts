import type { SystemAction } from '@proxim/control';

import type { Program, RunProgram } from './run-program.js';
import type { SystemBackend } from './system-backend.js';

/** One program for each command that a platform has one for, in the order in which they are offered. */
export type SystemPrograms = Readonly<Partial<Record<SystemAction, Program>>>;

const inOrder: readonly SystemAction[] = ['lock', 'sleep', 'restart', 'shut_down'];

/** A platform whose commands are programs that need nothing to be asked first. */
export const fixedPrograms = (name: string, programs: SystemPrograms, run: RunProgram): SystemBackend => ({
  name,
  actions: () => Promise.resolve(inOrder.filter((action) => programs[action] !== undefined)),
  carryOut: async (action) => {
    const program = programs[action];
    return program && (await run(program)).isOk ? 'done' : 'failed';
  },
});
