import type { Random } from '../random.js';
import { mutateText, strangeString } from './strange.js';

const pairs = (random: Random, count: number): string =>
  (random.bytes(count).toString('hex').match(/../g) ?? []).join(':').toUpperCase();

const addresses = [
  '127.77.0.1',
  '127.77.0.2',
  '::1',
  '0.0.0.0',
  '255.255.255.255',
  '::',
  '::ffff:127.0.0.1',
  'ff02::1',
];
const otherAddresses = ['1.2.3', '01.2.3.4', '1::2::3', 'fe80::1%eth0', '2c4c3e39.local', 'x.local', '::127.0.0.256'];

/** One candidate line without `a=`, in form or a little off. */
export const anyCandidate = (random: Random): string => {
  const address = random.once(3) ? random.pick(otherAddresses) : random.pick(addresses);
  const port = random.pick([0, 1, 9, 40_000, 65_535, 65_536, 99_999]);
  const priority = random.pick([0, 1, 2_122_260_223, 4_294_967_295, 4_294_967_296]);
  const type = random.pick(['host', 'srflx', 'prflx', 'relay', 'HOST']);
  const transport = random.pick(['udp', 'UDP', 'tcp']);
  const rest = random.pick(['', ' raddr 10.0.0.4 rport 9', ' generation 0 network-id 1', ' x'.repeat(random.int(50))]);
  const line = `candidate:${random.int(99)} ${random.int(3)} ${transport} ${priority} ${address} ${port} typ ${type}${rest}`;
  return random.once(2) ? mutateText(random, line) : line;
};

/** A description as engines write it, with lines that are off, missing, doubled or in another order. */
export const anyDescription = (random: Random): string => {
  const mid = random.pick(['0', 'data', '_-'.repeat(8)]);
  const lines = [
    'v=0',
    `o=${random.pick(['-', 'rtc', 'mozilla...THIS'])} ${random.bits()} ${random.int(9)} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    `m=application ${random.pick([0, 9, 65_535])} ${random.pick(['UDP/', 'TCP/', ''])}DTLS/SCTP webrtc-datachannel`,
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${random
      .bytes(3 + random.int(6))
      .toString('base64')
      .replaceAll('=', '')}`,
    `a=ice-pwd:${random
      .bytes(random.pick([18, 24, 192]))
      .toString('base64')
      .replaceAll('=', '')}`,
    `a=fingerprint:sha-256 ${pairs(random, 32)}`,
    ...(random.once(3) ? [`a=fingerprint:sha-512 ${pairs(random, 64)}`] : []),
    `a=setup:${random.pick(['actpass', 'active', 'passive'])}`,
    `a=mid:${mid}`,
    `a=sctp-port:${random.pick([5000, 1, 65_535])}`,
    ...(random.once(3) ? [] : [`a=max-message-size:${random.pick([0, 1, 65_536, 4_294_967_295])}`]),
  ];
  const candidates = random.once(200) ? 41 : random.int(4);
  for (let left = candidates; left > 0; left -= 1) lines.push(`a=${anyCandidate(random)}`);
  for (let left = random.pick([0, 0, 0, 1, 1, 2, 3]); left > 0; left -= 1) {
    const at = random.int(lines.length);
    switch (random.int(5)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, random.pick(lines));
        break;
      case 2:
        lines.splice(at, 0, `a=${strangeString(random)}`);
        break;
      case 3:
        lines.push(...lines.splice(at, 1));
        break;
      default:
        lines[at] = mutateText(random, lines[at]!);
    }
    if (lines.length === 0) lines.push('v=0');
  }
  return lines.join(random.pick(['\r\n', '\r\n', '\n', '\r'])) + '\r\n';
};
