import type { IceServer } from '@proxim/protocol';

/** One STUN or TURN server out of a server's list, in its parts. */
export type IceServerAddress =
  | { readonly scheme: 'stun'; readonly hostname: string; readonly port: number }
  | {
      readonly scheme: 'turn' | 'turns';
      readonly hostname: string;
      readonly port: number;
      readonly transport: 'udp' | 'tcp';
      readonly username: string;
      readonly credential: string;
    };

/** More only make gathering slow. */
const maxServers = 8;
const form =
  /^(stun|turns?):(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9.-]{0,252}))(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i;

/** RFC 8489, section 14.3: fewer than 509 bytes. */
const maxUsernameBytes = 508;
const maxCredentialLength = 512;

const isText = (text: string): boolean => /^[^\p{Cc}\p{Cs}]+$/u.test(text);

/** How long it is in UTF-8. */
const bytesOf = (text: string): number => encodeURIComponent(text).replaceAll(/%../g, '-').length;

const isUsableName = (text: string): boolean => isText(text) && bytesOf(text) <= maxUsernameBytes;

const isUsablePassword = (text: string): boolean => isText(text) && text.length <= maxCredentialLength;

const parse = (url: string, { username, credential }: IceServer): IceServerAddress[] => {
  const [, scheme = '', hostname = '', portText, transport] = form.exec(url) ?? [];
  const kind = scheme.toLowerCase();
  const port = Number(portText ?? (kind === 'turns' ? 5349 : 3478));
  if (port < 1 || port > 65_535) return [];
  if (kind === 'stun') return transport === undefined ? [{ scheme: kind, hostname, port }] : [];
  if ((kind !== 'turn' && kind !== 'turns') || username === undefined || credential === undefined) return [];
  if (!isUsableName(username) || !isUsablePassword(credential)) return [];
  const isTcp = kind === 'turns' || transport?.toLowerCase() === 'tcp';
  return [{ scheme: kind, hostname, port, transport: isTcp ? 'tcp' : 'udp', username, credential }];
};

/**
 * Reads the STUN and TURN servers (RFC 7064, RFC 7065) that a signaling server names. Engines throw at what they cannot
 * use, so what is malformed, or a TURN server without its credentials, is left out.
 */
export const readIceServers = (servers: readonly IceServer[]): readonly IceServerAddress[] =>
  servers
    .slice(0, maxServers)
    .flatMap((server) =>
      (Array.isArray(server.urls) ? server.urls.slice(0, maxServers) : [server.urls]).flatMap((url) =>
        parse(url, server),
      ),
    )
    .slice(0, maxServers);

/**
 * The servers of {@link readIceServers} in W3C's form, one address each.
 *
 * @returns what no browser's `RTCPeerConnection` throws at
 */
export const usableIceServers = (
  servers: readonly IceServer[],
): readonly { readonly urls: string; readonly username?: string; readonly credential?: string }[] =>
  readIceServers(servers).map((server) => {
    const urls = `${server.scheme}:${server.hostname}:${String(server.port)}`;
    if (server.scheme === 'stun') return { urls };
    const { transport, username, credential } = server;
    return { urls: `${urls}?transport=${transport}`, username, credential };
  });
