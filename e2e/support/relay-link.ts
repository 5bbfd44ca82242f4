/**
 * The link as an organisation hands it out whose relay serves the page: what it leads to is the relay's own origin.
 *
 * @param link the desktop's, which leads to its own page and names the relay
 * @param relay the relay's WebSocket URL
 */
export const linkOfRelay = (link: string, relay: string): string => {
  const fields = new URLSearchParams(new URL(link).hash.slice(1));
  fields.delete('a');
  return `${relay.replace(/^ws/, 'http')}/#${fields.toString()}`;
};
