import { failure, type Finding, ok, warning } from '../finding.js';
import { type Opening, udpPorts } from './opening.js';

interface Chain {
  readonly table: string;
  readonly name: string;
  readonly isInput: boolean;
  readonly drops: boolean;
  readonly rules: readonly string[];
}

/** The chains of `nft list ruleset`. */
const readChains = (ruleset: string): readonly Chain[] => {
  const chains: Chain[] = [];
  let table = '';
  for (const block of ruleset.matchAll(/^table (\S+ \S+) \{|^\tchain (\S+) \{\n([\s\S]*?)^\t\}/gm)) {
    const [, opened, name, body = ''] = block;
    if (opened !== undefined) table = opened;
    if (name === undefined) continue;
    const lines = body
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const hook = lines.find((line) => line.startsWith('type ')) ?? '';
    const rules = lines.filter((line) => line !== hook);
    // A chain may also drop by its last rule, which asks for nothing.
    const endsClosed = /^(?:counter(?: packets \d+ bytes \d+)? )?(?:drop|reject\b.*)$/.test(rules.at(-1) ?? '');
    chains.push({
      table,
      name,
      isInput: /^type filter hook input\b/.test(hook),
      drops: hook.includes('policy drop') || endsClosed,
      rules,
    });
  }
  return chains;
};

/** The ports behind `dport`: one, a range, or a set of both. Undefined for a rule that names none, or by a name. */
const portsOf = (rule: string): readonly (readonly [number, number])[] | undefined => {
  const [, set, single] = /\bdport (?:\{ ?([^}]*?) ?\}|(\d+(?:-\d+)?))/.exec(rule) ?? [];
  const text = set ?? single;
  return text?.split(',').map((part): readonly [number, number] => {
    const [from = '', to = from] = part.trim().split('-');
    return [Number(from), Number(to)];
  });
};

/** Whether a rule that accepts waits for something that no phone sends first. */
const isNarrow = (rule: string): boolean =>
  (/\bct state\b/.test(rule) && !/\bct state [^;]*\bnew\b/.test(rule)) ||
  /\biif(?:name)? "?lo\b|\bicmp|\bsport\b|\bdaddr (?:22[4-9]|23\d|ff)/.test(rule) ||
  /\b(?:protocol|nexthdr|l4proto) (?!\{|tcp|udp)/.test(rule);

type Passage = 'open' | 'perhaps' | 'closed';

/** Whether rules let a protocol in. One that asks for an address or a card may or may not mean the phone's. */
const passage = (rules: readonly string[], protocol: 'tcp' | 'udp', wanted: readonly number[]): Passage => {
  const other = protocol === 'tcp' ? 'udp' : 'tcp';
  let found: Passage = 'closed';
  for (const rule of rules) {
    const isOthers = rule.includes(other) && !rule.includes(protocol);
    if (!/\baccept\b/.test(rule) || isNarrow(rule) || isOthers) continue;
    const ports = portsOf(rule);
    const isWide = ports ? wanted.every((port) => ports.some(([from, to]) => from <= port && port <= to)) : true;
    if (!isWide || (!ports && /\bdport\b/.test(rule))) continue;
    if (/\b[sd]addr\b|\biif(?:name)?\b|@/.test(rule)) found = found === 'closed' ? 'perhaps' : found;
    else found = 'open';
  }
  return found;
};

interface Closed {
  readonly where: string;
  readonly tcp: Passage;
  readonly udp: Passage;
}

/** What goes through a chain that drops. Rules in other chains of its table may be jumped to. */
const judgeChain = (chains: readonly Chain[], { table, name }: Chain, port: number): Closed => {
  const rules = chains.filter((chain) => chain.table === table).flatMap((chain) => chain.rules);
  return {
    where: `${table} ${name}`,
    tcp: passage(rules, 'tcp', [port]),
    udp: passage(rules, 'udp', [udpPorts.first, udpPorts.last]),
  };
};

/** What the rules of nftables do, those of iptables among them where these are made by `iptables-nft`. */
export const judgeNftables = (ruleset: string, { port, subnet }: Opening): Finding => {
  const chains = readChains(ruleset);
  const closed = chains
    .filter(({ isInput, drops }) => isInput && drops)
    .map((chain) => judgeChain(chains, chain, port));
  if (closed.length === 0) return ok('No firewall of this computer turns incoming connections away.');
  const range = `${String(udpPorts.first)}-${String(udpPorts.last)}`;
  const from = subnet === undefined ? '' : `ip saddr ${subnet} `;
  const insert = 'sudo nft insert rule';

  // A packet has to pass every one of them: the worst counts.
  const shut = closed.find(({ tcp }) => tcp === 'closed');
  if (shut) {
    const openUdp =
      shut.udp === 'open'
        ? ''
        : ` and, for the direct connection, \`${insert} ${shut.where} ${from}udp dport ${range} accept\``;
    return failure(
      `The firewall (nftables, chain ${shut.where}) does not let port ${String(port)} through.`,
      `Let it until the next start: \`${insert} ${shut.where} tcp dport ${String(port)} accept\`${openUdp}`,
    );
  }
  const half = closed.find(({ udp }) => udp === 'closed');
  if (half) {
    return warning(
      `The firewall (nftables, chain ${half.where}) does not let the UDP of the direct connection through.`,
      `Let it until the next start: \`${insert} ${half.where} ${from}udp dport ${range} accept\``,
    );
  }
  const choosy = closed.find(({ tcp, udp }) => tcp === 'perhaps' || udp === 'perhaps');
  if (choosy) {
    return warning(
      `The firewall (nftables, chain ${choosy.where}) lets port ${String(port)} and UDP through for some networks or cards.`,
      'See whether the phone is among them: `sudo nft list ruleset`',
    );
  }
  return ok(`The firewall (nftables) lets port ${String(port)} and UDP through.`);
};
