import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process, or the thread, has ended meanwhile.
    return '';
  }
};

const threadsOf = (pid: number): readonly string[] => {
  try {
    return readdirSync(`/proc/${String(pid)}/task`);
  } catch {
    return [];
  }
};

/** The processes that a program's WebRTC engine runs in: one while it may be needed, or none. */
export const engineProcessesOf = (pid: number): readonly number[] =>
  threadsOf(pid)
    .flatMap((thread) => read(`/proc/${String(pid)}/task/${thread}/children`).split(' '))
    .filter((child) => child !== '' && read(`/proc/${child}/cmdline`).includes('engine-process.js'))
    .map(Number);

/** Whether a process runs; one that has ended and that nobody has asked about does not. */
export const isRunning = (pid: number): boolean => {
  const state = /^State:\s+(\S)/m.exec(read(`/proc/${String(pid)}/status`))?.[1];
  return state !== undefined && state !== 'Z' && state !== 'X';
};
