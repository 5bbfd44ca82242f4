import { type Finding, ok, unknown } from '../finding.js';
import type { Machine } from '../machine.js';
import { judgeFirewalld } from './firewalld.js';
import { judgeIptables } from './iptables.js';
import { judgeNftables } from './nftables.js';
import type { Opening } from './opening.js';
import { judgeUfw } from './ufw.js';

/** Looks at the firewalls of Linux, from those that people set up by name down to the kernel's own tables. */
export const judgeLinux = async (machine: Pick<Machine, 'readFile' | 'run'>, opening: Opening): Promise<Finding> => {
  const named = (await judgeUfw(machine, opening)) ?? (await judgeFirewalld(machine, opening));
  if (named) return named;
  const nft = await machine.run('nft', ['list', 'ruleset']);
  if (nft.kind === 'ended' && nft.status === 0) return judgeNftables(nft.output, opening);
  const iptables = await machine.run('iptables', ['-S', 'INPUT']);
  if (iptables.kind === 'ended' && iptables.status === 0) return judgeIptables(iptables.output, opening);
  if (nft.kind === 'missing' && iptables.kind === 'missing') return ok('No firewall was found on this computer.');
  return unknown(
    'Neither ufw nor firewalld is on; other firewalls of this computer only an administrator can read.',
    'If phones do not get through, see what is dropped: `sudo nft list ruleset`',
  );
};
