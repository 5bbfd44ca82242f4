import { type Link, type LinkFault, parseLink } from '@proxim/protocol';

/** What the address bar said. */
export type PageLink =
  | { readonly kind: 'none' }
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'fault'; readonly fault: LinkFault };

/** The parts of `location` and `history` that are needed. */
export interface AddressBar {
  readonly location: Pick<Location, 'origin' | 'pathname' | 'search' | 'hash'>;
  readonly history: Pick<History, 'replaceState'>;
}

/**
 * Reads the link from the address bar, once: its secret is taken out of the address bar and of the history at once, so
 * that no screenshot, no synchronised history and no shared address carries it on.
 */
export const takePageLink = ({ location, history }: AddressBar): PageLink => {
  const { origin, pathname, search, hash } = location;
  if (hash.length < 2) return { kind: 'none' };
  history.replaceState(null, '', `${pathname}${search}`);
  const read = parseLink(`${origin}/${hash}`);
  if (read.ok) return { kind: 'link', link: read.value };
  // Some other fragment: a page's anchor, and no link at all.
  return read.error === 'not_a_link' ? { kind: 'none' } : { kind: 'fault', fault: read.error };
};

/** What somebody typed, pasted or scanned leads to. */
export type Destination =
  | { readonly kind: 'link'; readonly link: Link }
  /** Another computer's page: to be opened there, with or without a session in its link. */
  | { readonly kind: 'elsewhere'; readonly url: string }
  /** This very page's address, without a session. */
  | { readonly kind: 'here' }
  | { readonly kind: 'fault'; readonly fault: LinkFault };

const addressForm = /^(?:(https?):\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?\/?$/i;

/** Whether the text could name a computer: an IP address, a name with a dot, or anything that names a port. */
const readAddress = (text: string): string | undefined => {
  const [, scheme = 'http', host, port] = addressForm.exec(text.trim()) ?? [];
  if (host === undefined || (!/[.[]/.test(host) && port === undefined && host !== 'localhost')) return undefined;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return undefined;
  const url = `${scheme.toLowerCase()}://${host}${port === undefined ? '' : `:${port}`}/`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
};

/**
 * Finds out what a scanned or pasted text is. A link of another origin belongs to a page that only that origin can
 * serve, so it is opened there and not used here.
 *
 * @param text as it was scanned, pasted or typed
 * @param origin the page's own
 */
export const readDestination = (text: string, origin: string): Destination => {
  const read = parseLink(text);
  if (read.ok) {
    return read.value.origin === origin ? { kind: 'link', link: read.value } : { kind: 'elsewhere', url: text.trim() };
  }
  if (read.error !== 'not_a_link') return { kind: 'fault', fault: read.error };
  const address = readAddress(text);
  if (address === undefined) return { kind: 'fault', fault: 'not_a_link' };
  return address === origin ? { kind: 'here' } : { kind: 'elsewhere', url: `${address}/` };
};
