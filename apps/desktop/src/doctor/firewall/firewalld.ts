import type { Finding } from '../finding.js';
import { ok, warning } from '../finding.js';
import type { Machine } from '../machine.js';
import { type Opening, udpPorts } from './opening.js';

/** What firewalld does, the firewall of Fedora; undefined where it is not running. */
export const judgeFirewalld = async (
  machine: Pick<Machine, 'run'>,
  { port }: Opening,
): Promise<Finding | undefined> => {
  const state = await machine.run('firewall-cmd', ['--state']);
  if (state.kind !== 'ended' || !/^running/m.test(state.output)) return undefined;
  const lets = async (what: string): Promise<boolean> => {
    const asked = await machine.run('firewall-cmd', [`--query-port=${what}`]);
    return asked.kind === 'ended' && asked.status === 0;
  };
  const tcp = `${String(port)}/tcp`;
  const udp = `${String(udpPorts.first)}-${String(udpPorts.last)}/udp`;
  const [hasTcp, hasUdp] = [await lets(tcp), await lets(udp)];
  if (hasTcp && hasUdp) return ok(`The firewall firewalld runs, and lets port ${String(port)} and UDP through.`);
  const missing = [...(hasTcp ? [] : [tcp]), ...(hasUdp ? [] : [udp])].map((what) => `--add-port=${what}`).join(' ');
  return warning(
    hasTcp
      ? `The firewall firewalld lets port ${String(port)} through, but not the UDP of the direct connection, as far as can be seen.`
      : `The firewall firewalld does not let port ${String(port)} through, as far as can be seen.`,
    `Let it now: \`sudo firewall-cmd ${missing}\` and for good: \`sudo firewall-cmd --permanent ${missing}\``,
  );
};
