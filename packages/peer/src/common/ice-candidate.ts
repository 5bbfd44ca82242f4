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

const isIPv6 = (text: string): boolean => {
  if (!/^[0-9a-f:]{2,39}$/i.test(text) || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return halves.length === 2 ? groups.length <= 7 : groups.length === 8;
};

/**
 * Checks one ICE candidate (RFC 8839, section 5.1) and writes it anew from its parts.
 *
 * Left out are what the engine cannot use: TCP, components other than RTP's, and the `.local` names behind which
 * browsers hide their addresses. No name is ever looked up for a stranger; the hidden peer is found when it calls.
 */
export const judgeCandidate = (text: string): CandidateVerdict => {
  const match = form.exec(text);
  if (!match) return { kind: 'malformed' };
  const [, foundation = '', component = '', transport = '', priority = '', address = '', port = '', type = ''] = match;
  const isAddress = isIPv4(address) || isIPv6(address);
  const isHiddenName = /^[0-9a-f-]{1,58}\.local$/i.test(address);
  if ((!isAddress && !isHiddenName) || Number(priority) > 4_294_967_295 || Number(port) > 65_535) {
    return { kind: 'malformed' };
  }
  if (isHiddenName || component !== '1' || transport.toLowerCase() !== 'udp' || Number(port) === 0) {
    return { kind: 'leave_out' };
  }
  const related = type.toLowerCase() === 'host' ? '' : ' raddr 0.0.0.0 rport 0';
  return {
    kind: 'use',
    candidate: `candidate:${foundation} 1 UDP ${priority} ${address} ${port} typ ${type.toLowerCase()}${related}`,
  };
};
