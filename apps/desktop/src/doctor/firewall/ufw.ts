import type { Finding } from '../finding.js';
import { ok, warning, failure } from '../finding.js';
import type { Machine } from '../machine.js';
import { type Opening, udpPorts } from './opening.js';

/** `any`, `47800`, `47000:48000`, `80,443`. */
const includes = (ports: string, port: number): boolean =>
  ports === 'any' ||
  ports.split(',').some((part) => {
    const [from = '', to = from] = part.split(':');
    return Number(from) <= port && port <= Number(to);
  });

/** What the rules that were added by hand let in. ufw writes each as a comment above what it makes of it. */
const allowed = (rules: string, port: number): { readonly tcp: boolean; readonly udp: boolean } => {
  const tuples = [...rules.matchAll(/^### tuple ### (?:allow|limit)\S* (\S+) (\S+) \S+ \S+ \S+ (\S+)/gm)];
  const lets = (protocol: 'tcp' | 'udp', ports: readonly number[]): boolean =>
    tuples.some(
      ([, given = '', open = '', direction = '']) =>
        direction.startsWith('in') && [protocol, 'any'].includes(given) && ports.every((each) => includes(open, each)),
    );
  return { tcp: lets('tcp', [port]), udp: lets('udp', [udpPorts.first, udpPorts.last]) };
};

const commands = ({ port, subnet }: Opening): { readonly tcp: string; readonly udp: string } => ({
  tcp: `sudo ufw allow ${String(port)}/tcp`,
  udp:
    subnet === undefined
      ? `sudo ufw allow ${String(udpPorts.first)}:${String(udpPorts.last)}/udp`
      : `sudo ufw allow proto udp from ${subnet}`,
});

/** What ufw does, the firewall of Ubuntu; undefined where it is not in use. */
export const judgeUfw = async (machine: Pick<Machine, 'readFile'>, opening: Opening): Promise<Finding | undefined> => {
  const configuration = await machine.readFile('/etc/ufw/ufw.conf');
  if (configuration.kind !== 'text' || !/^\s*ENABLED\s*=\s*"?yes"?/im.test(configuration.text)) return undefined;
  const defaults = await machine.readFile('/etc/default/ufw');
  if (defaults.kind === 'text' && /^\s*DEFAULT_INPUT_POLICY\s*=\s*"?ACCEPT"?/im.test(defaults.text)) {
    return ok('The firewall ufw is on, and lets in what no rule forbids.');
  }
  const port = String(opening.port);
  const { tcp, udp } = commands(opening);
  const rules = await machine.readFile('/etc/ufw/user.rules');
  if (rules.kind !== 'text') {
    return warning(
      `The firewall ufw is on; whether it lets port ${port} through, only an administrator can read.`,
      `Let it: \`${tcp}\` and, for the direct connection, \`${udp}\``,
    );
  }
  const { tcp: hasTcp, udp: hasUdp } = allowed(rules.text, opening.port);
  if (hasTcp && hasUdp) return ok(`The firewall ufw is on, and lets port ${port} and UDP through.`);
  if (hasTcp) {
    return warning(
      `The firewall ufw lets port ${port} through, but not the UDP of the direct connection.`,
      `Let it: \`${udp}\``,
    );
  }
  return failure(
    `The firewall ufw does not let port ${port} through.`,
    `Let it: \`${tcp}\`${hasUdp ? '' : ` and, for the direct connection, \`${udp}\``}`,
  );
};
