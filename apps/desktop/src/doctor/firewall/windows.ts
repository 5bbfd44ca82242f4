import { type Finding, ok, warning } from '../finding.js';
import type { Machine } from '../machine.js';
import type { Opening } from './opening.js';

/**
 * What the firewall of Windows does. `netsh` answers in the language of the system; only the exit status, and in English
 * the state, can be read.
 */
export const judgeWindows = async (machine: Pick<Machine, 'run'>, { executable }: Opening): Promise<Finding> => {
  const rule = await machine.run('netsh', ['advfirewall', 'firewall', 'show', 'rule', 'name=Proxim']);
  if (rule.kind === 'ended' && rule.status === 0) return ok('The firewall of Windows has a rule named Proxim.');
  const state = await machine.run('netsh', ['advfirewall', 'show', 'currentprofile', 'state']);
  if (state.kind === 'ended' && /\bOFF\b/.test(state.output)) return ok('The firewall of Windows is off.');
  return warning(
    'The firewall of Windows has no rule named Proxim; it may keep phones out, above all in a public network.',
    'Let Node.js in, as Administrator: ' +
      `\`netsh advfirewall firewall add rule name=Proxim dir=in action=allow program="${executable}" enable=yes\``,
  );
};
