import type { Interfaces } from '../host/network-addresses.js';

/** The IPv4 network that one of this machine's addresses is in, as `192.168.1.0/24`; undefined for any other address. */
export const subnetOf = (interfaces: Interfaces, address: string): string | undefined => {
  const info = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .find((candidate) => candidate.address === address);
  const bits = Number(/^\d+\.\d+\.\d+\.\d+\/(\d+)$/.exec(info?.cidr ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(bits)) return undefined;
  const network = address.split('.').map((byte, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8));
    return Number(byte) & (0xff << (8 - kept)) & 0xff;
  });
  return `${network.join('.')}/${String(bits)}`;
};
