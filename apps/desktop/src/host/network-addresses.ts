import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

import { kindOfInterface } from './interface-kind.js';
import type { WindowAddress } from './window-protocol.js';

/** What `os.networkInterfaces()` says. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** What is known of this machine's networks besides their names. */
export interface KnownRoutes {
  /** The addresses from which this machine would call the rest of the world: one of IPv4, one of IPv6, where there are. */
  readonly defaultAddresses?: readonly string[];
  /** Whether a device stands behind this interface, where the system tells. */
  readonly isHardware?: (interfaceName: string) => boolean;
}

interface Candidate extends WindowAddress {
  readonly info: NetworkInterfaceInfo;
  readonly isHardware: boolean;
}

/** 169.254.0.0/16 (RFC 3927), fe80::/10 (RFC 4291): good on one cable, and in a URL only with a zone. */
const isLinkLocal = (address: string): boolean => address.startsWith('169.254.') || /^fe[89ab]/i.test(address);

/** 192.0.0.0/29 (RFC 7335) stands on a computer in an IPv6-only network, and on no other one's map. */
const isTranslator = (address: string): boolean => /^192\.0\.0\.[0-7]$/.test(address);

/** RFC 1918 and ULA: a page loaded from such an address may call its own host without the browser asking. */
const isPrivate = (address: string): boolean =>
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address) || /^f[cd]/i.test(address);

const isIPv6 = (address: string): boolean => address.includes(':');

const kindRank: Readonly<Record<WindowAddress['kind'], number>> = { network: 0, vpn: 1, virtual: 2, loopback: 3 };

/** The eight groups of an IPv6 address as the system writes it. */
const groupsOf = (address: string): readonly string[] => {
  const [head = '', tail] = address.toLowerCase().split('::');
  const [front, back] = [head, tail ?? ''].map((half) => (half === '' ? [] : half.split(':')));
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - (front?.length ?? 0) - (back?.length ?? 0));
  return [...(front ?? []), ...Array.from({ length: zeros }, () => '0'), ...(back ?? [])];
};

/** Whether the second half is made from the card's MAC address (RFC 4291, appendix A): such an address stays. */
const isMadeOfMac = ({ address, mac }: NetworkInterfaceInfo): boolean => {
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const made = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f].map((group) => group.toString(16));
  return groupsOf(address).slice(4).join(':') === made.join(':');
};

/**
 * Of the IPv6 addresses that one card has in one /64, the one that lasts: a system that hides behind temporary
 * addresses (RFC 8981) calls from the newest of them, and a link should hold longer than that. Whatever stands twice, as
 * behind a bridge, stands once.
 */
const withoutRepetitions = (candidates: readonly Candidate[], defaults: ReadonlySet<string>): readonly Candidate[] => {
  const transience = ({ info, address }: Candidate): number =>
    (isMadeOfMac(info) ? 0 : 2) + (defaults.has(address) ? 1 : 0);
  const chosen = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const { address, interfaceName } = candidate;
    const prefix = isIPv6(address) ? groupsOf(address).slice(0, 4).join(':') : undefined;
    const key = prefix === undefined ? address : `${interfaceName} ${prefix}`;
    const known = chosen.get(key);
    const isBetter =
      !known ||
      kindRank[candidate.kind] < kindRank[known.kind] ||
      (prefix !== undefined && transience(candidate) < transience(known));
    if (isBetter) chosen.set(key, candidate);
  }
  return [...chosen.values()];
};

const compare = (left: readonly number[], right: readonly number[]): number => {
  const index = left.findIndex((value, at) => value !== right[at]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
};

/**
 * The addresses by which a phone might reach this machine, the likeliest first: real cards before VPNs and virtual
 * networks, private addresses before public ones, the card of the default route before other cards, IPv4 before IPv6.
 * Link-local ones are left out, and of several IPv6 addresses of a card in one /64 all but one.
 */
export const rankAddresses = (
  interfaces: Interfaces = networkInterfaces(),
  { defaultAddresses = [], isHardware = () => false }: KnownRoutes = {},
): readonly WindowAddress[] => {
  const defaults = new Set(defaultAddresses);
  const all = Object.entries(interfaces).flatMap(([interfaceName, infos]) => {
    const hardware = infos !== undefined && isHardware(interfaceName);
    return (infos ?? [])
      .filter(({ address }) => !isLinkLocal(address) && !isTranslator(address))
      .map((info): Candidate => {
        const kind = kindOfInterface(interfaceName, info, hardware);
        return { address: info.address, interfaceName, kind, info, isHardware: hardware };
      });
  });
  // IPv4 decides where both are there: it is IPv4 that goes into the code.
  const onRoute = all.filter(({ address }) => defaults.has(address));
  const defaultCard = (onRoute.find(({ address }) => !isIPv6(address)) ?? onRoute[0])?.interfaceName;

  const rank = ({ address, kind, interfaceName, isHardware: hardware }: Candidate): readonly number[] => [
    kindRank[kind],
    isPrivate(address) ? 0 : 1,
    interfaceName === defaultCard ? 0 : 1,
    isIPv6(address) ? 1 : 0,
    defaults.has(address) ? 0 : 1,
    hardware ? 0 : 1,
  ];
  return [...withoutRepetitions(all, defaults)]
    .sort((left, right) => compare(rank(left), rank(right)))
    .map(({ address, interfaceName, kind }) => ({ address, interfaceName, kind }));
};

/** An address as a URL has it: IPv6 in brackets. */
export const urlHost = (address: string): string => (address.includes(':') ? `[${address}]` : address);
