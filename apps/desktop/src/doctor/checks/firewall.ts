import type { Check } from '../check.js';
import { unknown } from '../finding.js';
import { judgeLinux } from '../firewall/linux.js';
import { judgeMacOS } from '../firewall/macos.js';
import type { Opening } from '../firewall/opening.js';
import { judgeWindows } from '../firewall/windows.js';
import type { Machine } from '../machine.js';

/** Whether a firewall on this computer lets the phone in, as far as this user may know. */
export const firewallCheck = (options: {
  readonly machine: Pick<Machine, 'platform' | 'readFile' | 'run'>;
  readonly opening: () => Promise<Opening>;
}): Check => ({
  name: 'firewall',
  limitMs: 15_000,
  run: async () => {
    const { machine } = options;
    const opening = await options.opening();
    switch (machine.platform) {
      case 'linux':
        return judgeLinux(machine, opening);
      case 'darwin':
        return judgeMacOS(machine, opening);
      case 'win32':
        return judgeWindows(machine, opening);
      default:
        return unknown(
          'The firewall of this system is not known here.',
          `See that it lets TCP port ${String(opening.port)} and UDP in.`,
        );
    }
  },
});
