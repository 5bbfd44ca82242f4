// Others use the machine as well, and are not what is measured.
import { setPriority } from 'node:os';

/** Puts a process ahead of them, by so many steps, where this user may have it so. */
export const hurry = (pid, priority) => {
  try {
    setPriority(pid, priority);
  } catch {
    return;
  }
};
