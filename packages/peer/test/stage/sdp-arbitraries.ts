import fc from 'fast-check';

import { realCandidates, realDescriptions } from './real-descriptions.js';

const real = Object.values(realDescriptions);

/** Pieces that have upset parsers: huge numbers, empty values, controls, other encodings, long runs. */
const nasty = fc.constantFrom(
  '',
  ' ',
  '\0',
  '\r',
  '\n',
  '\t',
  '-1',
  '0',
  '65536',
  '4294967296',
  '18446744073709551616',
  '99999999999999999999',
  '1e9',
  '٣',
  'é',
  '😀',
  '\ud800',
  '%s%n',
  '::',
  '0.0.0.0',
  '255.255.255.255',
  'ff02::1',
  '::ffff:1.2.3.4',
  'fe80::1%eth0',
  'A'.repeat(257),
  'actpass',
  'a=ice-ufrag:evil',
  'm=audio 9 UDP/TLS/RTP/SAVPF 0',
);

const splice = (text: string, at: number, remove: number, insert: string): string => {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + insert + text.slice(start + remove);
};

const at = fc.double({ min: 0, max: 1, noNaN: true });
const piece = fc.oneof(nasty, fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 6 }));

/** What a hostile or broken peer may make of a text that engines write. */
const mutated = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.array(fc.tuple(at, fc.integer({ min: 0, max: 12 }), piece), { maxLength: 4 }))
    .map(([start, edits]) =>
      edits.reduce((whole, [where, remove, insert]) => splice(whole, where, remove, insert), start),
    );

/** Whole lines dropped, doubled, swapped or put in. */
const reordered: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...real),
    fc.array(fc.tuple(at, fc.constantFrom('drop', 'double', 'swap', 'insert'), piece), { maxLength: 4 }),
  )
  .map(([sdp, edits]) => {
    const lines = sdp.split('\r\n').slice(0, -1);
    for (const [where, edit, text] of edits) {
      const index = Math.min(lines.length - 1, Math.floor(where * lines.length));
      const line = lines[index] ?? '';
      if (edit === 'drop') lines.splice(index, 1);
      else if (edit === 'double') lines.splice(index, 0, line);
      else if (edit === 'swap') lines.push(...lines.splice(index, 1));
      else lines.splice(index, 0, `a=${text}`);
    }
    return lines.map((line) => `${line}\r\n`).join('');
  });

/** The value of one attribute replaced by something else. */
const revalued: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...real),
    at,
    fc.oneof(piece, fc.constantFrom('active', 'passive', '1', '256', 'x'.repeat(22))),
  )
  .map(([sdp, where, value]) => {
    const lines = sdp.split('\r\n').slice(0, -1);
    const index = Math.min(lines.length - 1, Math.floor(where * lines.length));
    lines[index] = (lines[index] ?? '').replace(/(?<=[:=])[^:=]*$/, () => value);
    return lines.map((line) => `${line}\r\n`).join('');
  });

/** Descriptions: real ones, real ones that were tampered with, and noise. */
export const anyDescription: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...real) },
  { weight: 4, arbitrary: mutated(fc.constantFrom(...real)) },
  { weight: 4, arbitrary: reordered },
  { weight: 4, arbitrary: revalued },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 400 }) },
);

const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  nasty,
  fc.uuid().map((id) => `${id}.local`),
);

const builtCandidate: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(fc.string({ maxLength: 33 }), fc.constantFrom('1', 'abc/+')),
    fc.oneof(fc.constantFrom('1', '2', '256', '01')),
    fc.constantFrom('udp', 'UDP', 'tcp', 'sctp'),
    fc.oneof(fc.bigInt({ min: 0n, max: 1n << 70n }).map(String), nasty),
    address,
    fc.oneof(fc.integer({ min: 0, max: 70_000 }).map(String), nasty),
    fc.constantFrom('host', 'srflx', 'prflx', 'relay', 'HOST', 'other'),
    fc.constantFrom('', ' raddr 0.0.0.0 rport 0', ' generation 0 ufrag abcd', ' raddr', ' tcptype active'),
  )
  .map(
    ([foundation, component, transport, priority, host, port, type, rest]) =>
      `candidate:${foundation} ${component} ${transport} ${priority} ${host} ${port} typ ${type}${rest}`,
  );

/** Candidates: real ones, real ones that were tampered with, well-formed ones of any kind, and noise. */
export const anyCandidate: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...realCandidates),
  mutated(fc.constantFrom(...realCandidates)),
  builtCandidate,
  fc.string({ unit: 'binary', maxLength: 80 }),
);
