import { isIP } from 'node:net';

import type { WindowAddress } from '../host/window-protocol.js';
import type { Certificate } from './certificate.js';

/** What stands in the place of the interface. */
const fromCertificate = 'certificate';

/** Names that a phone could know: a pattern is no name, and every machine is its own `localhost`. */
const nameable = ({ names }: Certificate): readonly string[] =>
  names.filter((name) => !name.includes('*') && name !== 'localhost' && !name.endsWith('.localhost'));

/**
 * What can stand in the link, the best first, where the page has a certificate: this machine's addresses for which it is
 * good, then its names, then the rest. An address needs no name server, so it comes first; a phone refuses the rest.
 *
 * @param own this machine's addresses, the likeliest first
 */
export const linkAddresses = (
  own: readonly WindowAddress[],
  certificate: Certificate | undefined,
): readonly WindowAddress[] => {
  // In no network a name leads nowhere either.
  if (!certificate || own.every(({ kind }) => kind === 'loopback')) return own;
  const isGood = ({ address, kind }: WindowAddress): boolean =>
    (kind === 'network' || kind === 'vpn') && isIP(address) !== 0 && certificate.covers(address);
  const names = nameable(certificate).map((address): WindowAddress => ({
    address,
    interfaceName: fromCertificate,
    kind: 'network',
  }));
  return [...own.filter(isGood), ...names, ...own.filter((candidate) => !isGood(candidate))];
};
