import type { SystemPrograms } from '../fixed-programs.js';

const osascript = '/usr/bin/osascript';

/**
 * What macOS has for it. Never run on a Mac yet.
 *
 * `osascript` needs the user's permission to control System Events, which macOS asks for at the first use. There is no
 * lock: what macOS offers to a program either only darkens the screen or presses keys for it.
 */
export const macosPrograms: SystemPrograms = {
  sleep: { program: '/usr/bin/pmset', args: ['sleepnow'] },
  restart: { program: osascript, args: ['-e', 'tell application "System Events" to restart'] },
  shut_down: { program: osascript, args: ['-e', 'tell application "System Events" to shut down'] },
};
