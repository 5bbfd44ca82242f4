/** What becomes of a candidate: used as written anew, left out although it is well formed, or refused. */
export type CandidateVerdict =
  | { readonly kind: 'use'; readonly candidate: string }
  | { readonly kind: 'leave_out' }
  | { readonly kind: 'malformed' };

const form =
  /^(?:a=)?candidate:([A-Za-z0-9+/]{1,32}) (\d{1,3}) (udp|tcp) (\d{1,10}) (\S{1,64}) (\d{1,5}) typ (host|srflx|prflx|relay)(?: [\x21-\x7e]{1,64}){0,40}$/i;

const isIPv4 = (text: string): boolean => {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
};

/** The eight groups of an IPv6 address (RFC 4291, section 2.2), or undefined for what is none. */
const groupsOfIPv6 = (text: string): readonly number[] | undefined => {
  if (!text.includes(':')) return undefined;
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (embedded) {
    const [, head = '', tail = ''] = embedded;
    if (!isIPv4(tail)) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number);
    return groupsOfIPv6(`${head}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (![...head, ...tail].every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const zeros = Array.from({ length: missing }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
};

/** Whether an address is well formed, and whether a packet to one single peer can go there. */
const judgeAddress = (text: string): 'use' | 'leave_out' | 'malformed' => {
  if (isIPv4(text)) {
    const first = Number(text.split('.')[0]);
    // "This network", multicast and above: RFC 6890.
    return first === 0 || first >= 224 ? 'leave_out' : 'use';
  }
  const groups = groupsOfIPv6(text);
  if (!groups) return 'malformed';
  const isMulticast = (groups[0] ?? 0) >= 0xff00;
  // RFC 8445, section 5.1.1.1: no IPv4 address in an IPv6 one's clothes, nor the unspecified one.
  const isLoopback = groups.every((group, index) => group === (index === 7 ? 1 : 0));
  const isIPv4InDisguise = groups.slice(0, 5).every((group) => group === 0) && [0, 0xffff].includes(groups[5] ?? 0);
  return isMulticast || (isIPv4InDisguise && !isLoopback) ? 'leave_out' : 'use';
};

/**
 * Checks one ICE candidate (RFC 8839, section 5.1) and writes it anew from its parts.
 *
 * Left out is what the engine cannot use: TCP, components other than RTP's, addresses of nobody in particular, and the
 * `.local` names behind which browsers hide their addresses. No name is ever looked up for a stranger; the hidden peer
 * is found when it calls.
 */
export const judgeCandidate = (text: string): CandidateVerdict => {
  const match = form.exec(text);
  if (!match) return { kind: 'malformed' };
  const [, foundation = '', component = '', transport = '', priority = '', address = '', port = '', type = ''] = match;
  const isHiddenName = /^[0-9a-f-]{1,58}\.local$/i.test(address);
  const verdict = isHiddenName ? 'leave_out' : judgeAddress(address);
  if (verdict === 'malformed' || Number(priority) > 4_294_967_295 || Number(port) > 65_535)
    return { kind: 'malformed' };
  if (verdict === 'leave_out' || component !== '1' || transport.toLowerCase() !== 'udp' || Number(port) === 0) {
    return { kind: 'leave_out' };
  }
  const related = type.toLowerCase() === 'host' ? '' : ' raddr 0.0.0.0 rport 0';
  return {
    kind: 'use',
    candidate:
      `candidate:${foundation} 1 UDP ${String(Number(priority))} ${address} ${String(Number(port))}` +
      ` typ ${type.toLowerCase()}${related}`,
  };
};
