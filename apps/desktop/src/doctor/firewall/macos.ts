import { failure, type Finding, ok, unknown, warning } from '../finding.js';
import type { Machine } from '../machine.js';
import type { Opening } from './opening.js';

const tool = '/usr/libexec/ApplicationFirewall/socketfilterfw';

/** A path as a shell takes it whole. */
const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

/** What the application firewall of macOS does, which lets programs in and knows no ports. */
export const judgeMacOS = async (machine: Pick<Machine, 'run'>, { executable }: Opening): Promise<Finding> => {
  const state = await machine.run(tool, ['--getglobalstate']);
  const level = state.kind === 'ended' ? /State = (\d)/.exec(state.output)?.[1] : undefined;
  if (level === undefined) {
    return unknown(
      'The firewall of macOS does not say how it is set.',
      'Look in System Settings, Network, Firewall: Node.js has to be let in.',
    );
  }
  if (level === '0') return ok('The firewall of macOS is off.');
  if (level === '2') {
    return failure(
      'The firewall of macOS blocks all incoming connections.',
      `Lift that: \`sudo ${tool} --setblockall off\``,
    );
  }
  const program = quoted(executable);
  const asked = await machine.run(tool, ['--getappblocked', executable]);
  const answer = asked.kind === 'ended' ? asked.output : '';
  if (/permitted/i.test(answer)) return ok('The firewall of macOS is on, and lets Node.js in.');
  const cure = `Let it in: \`sudo ${tool} --add ${program}\` and \`sudo ${tool} --unblockapp ${program}\``;
  if (/blocked/i.test(answer)) return failure('The firewall of macOS blocks Node.js.', cure);
  return warning('The firewall of macOS is on, and has no rule for Node.js yet; it asks, or blocks.', cure);
};
