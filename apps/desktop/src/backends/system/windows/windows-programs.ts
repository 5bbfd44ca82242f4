import type { SystemPrograms } from '../fixed-programs.js';

/**
 * What Windows has for it. Never run on Windows yet.
 *
 * There is no sleep: where hibernation is on, the program that is known for it (`powrprof.dll,SetSuspendState`)
 * hibernates. Time 0 leaves `/f` out: programs may ask about unsaved work.
 *
 * @param systemRoot where Windows is: by their whole path, so that no file of that name elsewhere is run
 */
export const windowsPrograms = (systemRoot: string): SystemPrograms => {
  const folder = `${systemRoot}\\System32`;
  return {
    lock: { program: `${folder}\\rundll32.exe`, args: ['user32.dll,LockWorkStation'] },
    restart: { program: `${folder}\\shutdown.exe`, args: ['/r', '/t', '0'] },
    shut_down: { program: `${folder}\\shutdown.exe`, args: ['/s', '/t', '0'] },
  };
};
