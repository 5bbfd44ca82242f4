import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

import type { Clock } from '@proxim/protocol';

import { canonicalAddress } from './address.js';

/** Why an HTTP request or an upgrade is refused with 403. */
export type AccessFault = 'foreign_host' | 'foreign_origin';

export interface AccessRules {
  /** Names and addresses by which this machine may be called. Asked at each request: addresses come and go. */
  readonly localHosts: () => ReadonlySet<string>;
  /** Further origins that may connect, as `https://example.org`; their hosts are accepted hosts too. */
  readonly allowOrigins: readonly string[];
  /** Whether a proxy stands in front, which may speak TLS where we do not. */
  readonly behindProxy: boolean;
}

/** This machine's own names and addresses, lower case, IPv6 without brackets and zone. */
export const machineHosts = (): ReadonlySet<string> => {
  const name = hostname().toLowerCase();
  const hosts = new Set(['localhost', '127.0.0.1', '::1', name, `${name}.local`]);
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address } of addresses ?? []) hosts.add(address.toLowerCase().replace(/%.*$/, ''));
  }
  return hosts;
};

/** `Host` without its port and brackets; undefined for something that is no host. */
const hostnameOf = (host: string): string | undefined => {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/\s@[\]]+))(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '');
};

/** `https://example.org:8443` to `example.org:8443`. */
const hostOfOrigin = (origin: string): string => origin.replace(/^[a-z]+:\/\//i, '').toLowerCase();

const withoutDefaultPort = (host: string, scheme: string): string =>
  host.replace(scheme === 'https' ? /:443$/ : /:80$/, '');

/** What is looked at of a request. */
export interface RequestHeaders {
  readonly headers: Pick<IncomingHttpHeaders, 'host' | 'origin'>;
  /** As they came, each as often as it came. */
  readonly headersDistinct: { readonly host?: readonly string[] | undefined };
}

/**
 * Decides whether a request may be answered at all. The `Host` keeps out pages of a name that was pointed at this
 * machine (DNS rebinding), the `Origin` keeps out every page but our own (cross-site WebSocket hijacking).
 *
 * @returns undefined when the request may pass.
 */
export const faultOfRequest = (
  { headers, headersDistinct }: RequestHeaders,
  secure: boolean,
  rules: AccessRules,
): AccessFault | undefined => {
  // RFC 9112, section 3.2: more than one is refused, and so is none.
  if (headersDistinct.host?.length !== 1) return 'foreign_host';
  const host = headers.host?.toLowerCase() ?? '';
  const name = hostnameOf(host);
  const allowedHosts = rules.allowOrigins.map(hostOfOrigin);
  const isOwn = name !== undefined && (rules.localHosts().has(name) || allowedHosts.includes(host));
  if (!isOwn) return 'foreign_host';

  const { origin } = headers;
  if (origin === undefined) return undefined;
  if (rules.allowOrigins.some((allowed) => allowed.toLowerCase() === origin.toLowerCase())) return undefined;
  const schemes = rules.behindProxy ? ['http', 'https'] : [secure ? 'https' : 'http'];
  const isOwnOrigin = schemes.some(
    (scheme) => origin.toLowerCase() === `${scheme}://${withoutDefaultPort(host, scheme)}`,
  );
  return isOwnOrigin ? undefined : 'foreign_origin';
};

/** One entry of `X-Forwarded-For`; undefined when it is no address. */
const forwardedAddress = (entry: string): string | undefined => {
  const text = entry.trim();
  // Some proxies add the port, which is another one each time.
  const address = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(address) === 0 ? undefined : canonicalAddress(address);
};

/**
 * The address that the limits count: the peer's own, or behind trusted proxies the last one that these report and that is
 * none of them. What stands further to the left was written by whoever asks.
 *
 * @param trustedProxies canonical addresses
 */
export const clientAddress = (
  remoteAddress: string,
  forwardedFor: string | undefined,
  trustedProxies: ReadonlySet<string>,
): string => {
  let address = canonicalAddress(remoteAddress);
  for (const entry of (forwardedFor ?? '').split(',').reverse()) {
    if (!trustedProxies.has(address)) return address;
    const before = forwardedAddress(entry);
    if (before === undefined) return address;
    address = before;
  }
  return address;
};

/**
 * Asks for this machine's names and addresses ten times a second at most: the system takes longer to list its interfaces
 * than the rest of a request takes.
 */
export const askedSometimes = (
  localHosts: () => ReadonlySet<string>,
  clock: Pick<Clock, 'now'>,
): (() => ReadonlySet<string>) => {
  let known: ReadonlySet<string> | undefined;
  let askedAt = 0;
  return () => {
    const now = clock.now();
    if (!known || now - askedAt >= 100) {
      known = localHosts();
      askedAt = now;
    }
    return known;
  };
};
