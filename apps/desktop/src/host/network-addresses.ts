import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

import type { WindowAddress } from './window-protocol.js';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const virtualNames =
  /^(?:docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|lxc|lxd|cni|flannel|cali|kube|podman|ifb|dummy|anpi|awdl|llw|bridge\d)/i;
const vpnNames = /^(?:tun|tap|wg|utun|ppp|tailscale|zt|nordlynx|proton|ipsec|gpd)/i;

const kindOf = (interfaceName: string, info: NetworkInterfaceInfo): WindowAddress['kind'] => {
  if (info.internal) return 'loopback';
  if (vpnNames.test(interfaceName)) return 'vpn';
  // 100.64.0.0/10 is what Tailscale and carriers hand out; a phone in the same room is not behind it.
  if (/^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(info.address)) return 'vpn';
  return virtualNames.test(interfaceName) ? 'virtual' : 'network';
};

const isLinkLocal = (address: string): boolean => address.startsWith('169.254.') || /^fe[89ab]/i.test(address);

/** RFC 1918 and ULA: a page loaded from such an address may call its own host without the browser asking. */
const isPrivate = (address: string): boolean =>
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address) || /^f[cd]/i.test(address);

const kindRank: Readonly<Record<WindowAddress['kind'], number>> = { network: 0, vpn: 1, virtual: 2, loopback: 3 };

const rank = ({ kind, address }: WindowAddress): number =>
  kindRank[kind] * 4 + (isPrivate(address) ? 0 : 2) + (address.includes(':') ? 1 : 0);

/**
 * The addresses by which a phone might reach this machine, the likeliest first: real cards before VPNs and virtual
 * networks, private addresses before public ones, IPv4 before IPv6, link-local left out.
 */
export const rankAddresses = (interfaces: Interfaces = networkInterfaces()): readonly WindowAddress[] => {
  const addresses = Object.entries(interfaces).flatMap(([interfaceName, infos]) =>
    (infos ?? [])
      .filter(({ address }) => !isLinkLocal(address))
      .map((info): WindowAddress => ({ address: info.address, interfaceName, kind: kindOf(interfaceName, info) })),
  );
  return addresses.sort((left, right) => rank(left) - rank(right));
};

/** An address as a URL has it: IPv6 in brackets. */
export const urlHost = (address: string): string => (address.includes(':') ? `[${address}]` : address);
