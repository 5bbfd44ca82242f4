import type { Check } from '../check.js';
import { type Finding, ok, warning } from '../finding.js';
import type { Machine } from '../machine.js';

/** Proxim is younger than this, and no certificate of today lasts until then. */
const earliest = Date.UTC(2026, 0, 1);
const latest = Date.UTC(2100, 0, 1);

const setByHand: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Set it: `sudo timedatectl set-ntp true`',
  darwin: 'Set it: `sudo sntp -sS time.apple.com`',
  win32: 'Set it, as Administrator: `w32tm /resync`',
};

/** Whether the system says that it keeps its clock right; undefined where it does not say. */
const isSynchronised = async (machine: Pick<Machine, 'platform' | 'run'>): Promise<boolean | undefined> => {
  switch (machine.platform) {
    case 'linux': {
      const asked = await machine.run('timedatectl', ['show', '--property=NTPSynchronized', '--value']);
      const answer = asked.kind === 'ended' && asked.status === 0 ? asked.output.trim() : '';
      return answer === 'yes' ? true : answer === 'no' ? false : undefined;
    }
    case 'win32': {
      const asked = await machine.run('w32tm', ['/query', '/status']);
      return asked.kind === 'ended' && asked.status === 0 ? true : undefined;
    }
    default:
      return undefined;
  }
};

const minute = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Whether the clock can be right: certificates are judged by it. */
export const clockCheck = (machine: Pick<Machine, 'platform' | 'run' | 'wallClock'>): Check => ({
  name: 'clock',
  run: async (): Promise<Finding> => {
    const now = machine.wallClock();
    const cure = setByHand[machine.platform] ?? 'Set it by the network’s time.';
    if (now < earliest || now > latest) {
      return warning(`The clock says ${minute(now)}, so that https certificates look expired.`, cure);
    }
    switch (await isSynchronised(machine)) {
      case true:
        return ok(`The clock says ${minute(now)}, and is kept right over the network.`);
      case false:
        return warning(
          `The clock says ${minute(now)}, and nothing keeps it right; https certificates are judged by it.`,
          cure,
        );
      default:
        return ok(`The clock says ${minute(now)}; whether it is kept right over the network cannot be seen.`);
    }
  },
});
