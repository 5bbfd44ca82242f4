import { execFileSync } from 'node:child_process';

/** One host: a network namespace with one card. */
export interface LabHost {
  readonly namespace: string;
  /** Its IPv4 address as it was given; {@link Lab.readdress} changes it on the host and not here. */
  readonly address: string;
}

const run = (command: string, args: readonly string[], input = ''): string =>
  execFileSync(command, args, { input, stdio: ['pipe', 'pipe', 'pipe'], encoding: 'utf8' });

const ip = (...args: readonly string[]): string => run('ip', args);

let made = 0;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Takes away what runs left that were interrupted: their hosts carry the number of a process that is no more. */
const sweep = (): void => {
  for (const line of ip('netns', 'list').split('\n')) {
    const [, namespace, pid] = /^(proxim-.+-(\d+)-\d+)\b/.exec(line) ?? [];
    if (namespace !== undefined && !isRunning(Number(pid))) ip('netns', 'delete', namespace);
  }
};

/**
 * Hosts of the test's own, each a network namespace, joined by switches and routers that are namespaces too.
 *
 * Whatever was made is gone after {@link remove}: rules, cards and addresses go with their namespaces. Needs the right
 * to make network namespaces (root, or CAP_NET_ADMIN and CAP_SYS_ADMIN).
 */
export class Lab {
  readonly #suffix: string;
  readonly #namespaces: string[] = [];

  constructor() {
    if (made === 0) sweep();
    made += 1;
    this.#suffix = `${String(process.pid)}-${String(made)}`;
  }

  /** A namespace without a card. IPv4 alone, so that a test knows by which addresses the two can meet. */
  add(name: string): string {
    const namespace = `proxim-${name}-${this.#suffix}`;
    ip('netns', 'add', namespace);
    this.#namespaces.push(namespace);
    this.#write(namespace, '/proc/sys/net/ipv6/conf/all/disable_ipv6', '1');
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    return namespace;
  }

  /** A switch, as a home router has one for its Wi-Fi: a namespace whose bridge has an address too. */
  addSwitch(name: string, address: string): LabHost {
    const namespace = this.add(name);
    ip('-n', namespace, 'link', 'add', 'lan0', 'type', 'bridge');
    ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'lan0');
    ip('-n', namespace, 'link', 'set', 'lan0', 'up');
    return { namespace, address };
  }

  /** A cable from a namespace's card to a switch. The switch's end of the cable is called like the host. */
  plug(namespace: string, card: string, address: string, to: LabHost): LabHost {
    const port = this.#port(namespace, card);
    ip('-n', namespace, 'link', 'add', card, 'type', 'veth', 'peer', 'name', port, 'netns', to.namespace);
    ip('-n', to.namespace, 'link', 'set', port, 'master', 'lan0', 'up');
    ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', card);
    ip('-n', namespace, 'link', 'set', card, 'up');
    return { namespace, address };
  }

  /** A host on a switch, with a default route through it, or through a router on it. */
  addHost(name: string, address: string, on: LabHost, gateway = on.address): LabHost {
    const host = this.plug(this.add(name), 'lan0', address, on);
    ip('-n', host.namespace, 'route', 'add', 'default', 'via', gateway);
    return host;
  }

  /** Pulls the cable between a host and its switch, or puts it back: both ends see that it is out. */
  setCable(host: LabHost, on: LabHost, isIn: boolean): void {
    ip('-n', on.namespace, 'link', 'set', this.#port(host.namespace, 'lan0'), isIn ? 'up' : 'down');
  }

  /** Gives a host another address, as a new lease or another Wi-Fi does: the old one is gone at once. */
  readdress(host: LabHost, address: string, gateway: string): void {
    ip('-n', host.namespace, 'address', 'flush', 'dev', 'lan0');
    ip('-n', host.namespace, 'address', 'add', `${address}/24`, 'dev', 'lan0');
    ip('-n', host.namespace, 'route', 'add', 'default', 'via', gateway);
  }

  /** Makes a router of a namespace: packets that leave by `wan0` carry its address, and nothing comes in unasked. */
  masquerade(namespace: string, kind: 'by port' | 'symmetric'): void {
    this.#write(namespace, '/proc/sys/net/ipv4/ip_forward', '1');
    // Linux keeps a packet's port where it can, so every peer sees the same; `fully-random` is another one for each.
    const how = kind === 'symmetric' ? 'masquerade random,fully-random' : 'masquerade';
    this.rules(namespace, [
      'table ip nat {',
      'chain out {',
      'type nat hook postrouting priority 100',
      `oifname "wan0" ${how}`,
      '}',
      '}',
      'table ip guard {',
      // What is dropped unseen leaves no trace in the router's memory, and so takes no port from the host behind it.
      'chain in {',
      'type filter hook input priority 0',
      'ct state established,related accept',
      'iifname "wan0" drop',
      '}',
      'chain through {',
      'type filter hook forward priority 0',
      'ct state established,related accept',
      'iifname "wan0" drop',
      '}',
      '}',
    ]);
  }

  /**
   * Drops some of what a host receives, in silence, until {@link clear}. Nothing is dropped on its way out: a program
   * would be told.
   *
   * @param rules nftables statements, such as `meta l4proto udp drop`
   */
  dropIncoming(host: LabHost, rules: readonly string[], table = 'faults'): void {
    this.clear(host, table);
    this.rules(host.namespace, [
      `table inet ${table} {`,
      'chain in {',
      'type filter hook input priority 0',
      'iifname "lo" accept',
      ...rules,
      '}',
      '}',
    ]);
  }

  clear(host: LabHost, table = 'faults'): void {
    try {
      this.rules(host.namespace, [`delete table inet ${table}`]);
    } catch {
      // There was none.
    }
  }

  /** Breaks the TCP connections that a host has to a port, at both ends, and leaves the way open for new ones. */
  breakConnections(host: LabHost, port: number): void {
    run('ip', ['netns', 'exec', host.namespace, 'ss', '-K', '-t', 'dport', '=', String(port)]);
  }

  /** Loads nftables rules inside a namespace. */
  rules(namespace: string, lines: readonly string[]): void {
    run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], `${lines.join('\n')}\n`);
  }

  /** Takes everything away, whatever is still in use of it. */
  remove(): void {
    for (const namespace of this.#namespaces.splice(0)) {
      try {
        ip('netns', 'delete', namespace);
      } catch {
        // It was never made.
      }
    }
  }

  /** A card's name has at most 15 characters, and is unique on its switch. */
  #port(namespace: string, card: string): string {
    return `${this.#namespaces.indexOf(namespace).toString()}-${card}`;
  }

  #write(namespace: string, path: string, value: string): void {
    run('ip', ['netns', 'exec', namespace, 'tee', path], value);
  }
}

/** A desk and a phone on one switch, as in a living room. The switch has an address for what else is needed. */
export interface LivingRoom {
  readonly lab: Lab;
  readonly hub: LabHost;
  readonly desk: LabHost;
  readonly phone: LabHost;
}

/** Makes {@link LivingRoom}. */
export const makeLivingRoom = (): LivingRoom => {
  const lab = new Lab();
  try {
    const hub = lab.addSwitch('hub', '10.97.0.254');
    const desk = lab.addHost('desk', '10.97.0.1', hub);
    const phone = lab.addHost('phone', '10.97.0.2', hub);
    return { lab, hub, desk, phone };
  } catch (error) {
    lab.remove();
    throw error;
  }
};
