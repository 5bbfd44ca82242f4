import { failure, type Finding, ok, warning } from '../finding.js';
import { type Opening, udpPorts } from './opening.js';

const holds = (rule: string, port: number): boolean => {
  const ports = /--dports? (\S+)/.exec(rule)?.[1];
  if (ports === undefined) return true;
  return ports.split(',').some((part) => {
    const [from = '', to = from] = part.split(':');
    return Number(from) <= port && port <= Number(to);
  });
};

/** What `iptables -S INPUT` says. */
export const judgeIptables = (rules: string, { port, subnet }: Opening): Finding => {
  const lines = rules.split('\n').map((line) => line.trim());
  const isClosed = lines.includes('-P INPUT DROP') || lines.some((line) => /^-A INPUT -j (?:DROP|REJECT)\b/.test(line));
  if (!isClosed) return ok('No firewall of this computer turns incoming connections away.');
  const lets = (protocol: 'tcp' | 'udp', ports: readonly number[]): boolean =>
    lines.some(
      (line) =>
        line.endsWith(' -j ACCEPT') &&
        !/--(?:ct)?state (?!\S*NEW)|-i lo\b|-p icmp|--sport|-d /.test(line) &&
        (!line.includes(' -p ') || line.includes(`-p ${protocol}`)) &&
        ports.every((each) => holds(line, each)),
    );
  const from = subnet === undefined ? '' : ` -s ${subnet}`;
  const openTcp = `sudo iptables -I INPUT -p tcp --dport ${String(port)} -j ACCEPT`;
  const range = `${String(udpPorts.first)}:${String(udpPorts.last)}`;
  const openUdp = `sudo iptables -I INPUT -p udp${from} --dport ${range} -j ACCEPT`;
  const hasUdp = lets('udp', [udpPorts.first, udpPorts.last]);
  if (!lets('tcp', [port])) {
    return failure(
      `The firewall (iptables) does not let port ${String(port)} through.`,
      `Let it until the next start: \`${openTcp}\`${hasUdp ? '' : ` and, for the direct connection, \`${openUdp}\``}`,
    );
  }
  if (hasUdp) return ok(`The firewall (iptables) lets port ${String(port)} and UDP through.`);
  return warning(
    'The firewall (iptables) does not let the UDP of the direct connection through.',
    `Let it until the next start: \`${openUdp}\``,
  );
};
