import { isIPv6 } from 'node:net';

import { InvalidArgumentError } from 'commander';

const form = /^(stuns?|turns?):(\[[^\]]*\]|[^:?[\]]*)(?::([^?]*))?(?:\?(.*))?$/i;
const name = /^(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*$/i;

const refuse = (why: string): never => {
  throw new InvalidArgumentError(why);
};

const checkHost = (host: string): void => {
  if (host === '') refuse('It names no host.');
  const isAddress = host.startsWith('[') && isIPv6(host.slice(1, -1));
  if (!isAddress && !name.test(host)) {
    refuse('Its host is neither a name nor an IP address; one of IPv6 stands in brackets.');
  }
};

const checkPort = (port: string): void => {
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  if (!isPort) refuse('Its port is not one of 1 to 65535.');
};

/**
 * A STUN or TURN server's URL (RFC 7064, RFC 7065) that browsers take: what they do not take would keep every phone from
 * connecting, long after the server was started.
 *
 * @throws InvalidArgumentError with the part that is at fault
 */
export const iceServerUrl = (text: string): string => {
  const [, scheme, host = '', port, query] = form.exec(text) ?? [];
  if (scheme === undefined) return refuse('It is not a URL such as stun:HOST:PORT or turn:HOST:PORT?transport=udp.');
  const kind = scheme.toLowerCase();
  if (kind === 'stuns') return refuse('Browsers take stun:, turn: and turns:, but no stuns:.');
  checkHost(host);
  if (port !== undefined) checkPort(port);
  if (query !== undefined) {
    if (kind === 'stun') return refuse('A stun: URL has no transport.');
    if (!/^transport=(?:udp|tcp)$/.test(query)) return refuse('Behind ? it takes transport=udp or transport=tcp.');
    // RFC 7065: that is DTLS, which neither of the two engines speaks to a TURN server.
    if (kind === 'turns' && query === 'transport=udp') return refuse('turns: goes over TCP alone.');
  }
  return text;
};
