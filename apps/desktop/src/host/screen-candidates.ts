/** `candidate:842163049 1 udp 1677729535 1b2c….local 52814 typ host generation 0 …`, as browsers write it. */
const hidden = /^(candidate:[A-Za-z0-9+/]{1,32} 1 udp \d{1,10} )[0-9a-f-]{1,58}\.local( \d{1,5} typ host(?: .*)?)$/i;

/**
 * The candidates to tell the phone for one of the window's. Browsers hide this machine's address behind a name that only
 * multicast resolves, and many networks carry no multicast between their devices. The phone knows the machine's addresses
 * already, so it is told them in the name's place.
 *
 * @param addresses this machine's own that a phone might reach, the likeliest first
 */
export const tellCandidate = (candidate: string, addresses: readonly string[]): readonly string[] => {
  const [, before, after] = hidden.exec(candidate) ?? [];
  if (before === undefined || after === undefined || addresses.length === 0) return [candidate];
  return addresses.map((address) => `${before}${address}${after}`);
};
