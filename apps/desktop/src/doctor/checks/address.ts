import { isIP } from 'node:net';

import type { WindowAddress } from '../../host/window-protocol.js';
import type { Check } from '../check.js';
import { failure, type Finding, ok, warning } from '../finding.js';

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** Public addresses are those of neither RFC 1918 nor ULA. */
const isPublicIPv6 = (address: string): boolean => address.includes(':') && !/^f[cd]/i.test(address);

const judge = ({ address, interfaceName, kind }: WindowAddress): Finding => {
  const place = `${address} (${interfaceName})`;
  switch (kind) {
    case 'network':
      if (!isPublicIPv6(address)) return ok(`A phone in the same network finds this computer at ${place}.`);
      return warning(
        `This computer is to be found at ${place} alone, a public address.`,
        'When the phone’s browser asks whether the page may reach the local network, choose Allow.',
      );
    case 'vpn':
      return warning(
        `The only address is that of a VPN, ${place}.`,
        'Join the Wi-Fi or network that the phone is in, or connect the phone to the same VPN.',
      );
    case 'virtual':
      return failure(
        `The only address is that of a virtual network inside this computer, ${place}.`,
        'Join the Wi-Fi or network that the phone is in.',
      );
    case 'loopback':
      return failure('This computer is in no network.', 'Join the Wi-Fi or network that the phone is in.');
    default:
      return kind satisfies never;
  }
};

/** Whether there is an address that a phone can reach. @param options `host` is undefined for all addresses */
export const addressCheck = (options: {
  readonly addresses: () => Promise<readonly WindowAddress[]>;
  readonly host: string | undefined;
  readonly address: string | undefined;
}): Check => ({
  name: 'address',
  run: async () => {
    const { host, address } = options;
    if (host !== undefined && isLoopback(host)) {
      return failure(
        `With --host ${host} Proxim listens where only this computer itself can come.`,
        'Leave --host out, or give it an address of a network.',
      );
    }
    const addresses = await options.addresses();
    const wanted = address ?? host;
    const known = wanted === undefined ? addresses[0] : addresses.find((candidate) => candidate.address === wanted);
    if (known) return judge(known);
    if (wanted === undefined) {
      return failure('This computer is in no network.', 'Join the Wi-Fi or network that the phone is in.');
    }
    const flag = address === undefined ? '--host' : '--address';
    if (isIP(wanted) === 0) return ok(`The name ${wanted} goes into the QR code; the phone has to know it as well.`);
    const best = addresses[0]?.kind === 'network' ? ` This computer has ${addresses[0].address}.` : '';
    return warning(
      `${flag}: ${wanted} is no address of this computer.`,
      `Leave ${flag} out, or make sure that ${wanted} leads here.${best}`,
    );
  },
});
