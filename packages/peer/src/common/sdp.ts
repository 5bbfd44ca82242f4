import { failure, type Result, success } from '@proxim/protocol';

import { judgeCandidate } from './ice-candidate.js';

/** All that a data-channel description says; whatever else an SDP may carry, the engine never sees it. */
export interface DataChannelDescription {
  /** The second field of `o=` (RFC 8866, section 5.2): another number is another RTCPeerConnection. */
  readonly originId: string;
  readonly mid: string;
  readonly iceUfrag: string;
  readonly icePwd: string;
  /** SHA-256 of the DTLS certificate: 32 upper-case hex pairs with colons. */
  readonly fingerprint: string;
  readonly setup: 'actpass' | 'active' | 'passive';
  readonly sctpPort: number;
  readonly maxMessageSize: number;
  /** Those that an engine can use, written anew. */
  readonly candidates: readonly string[];
}

/** What is wrong with a description, for the log: it never repeats the description's own text. */
export type SdpFault =
  | 'too_long'
  | 'bad_line'
  | 'bad_origin'
  | 'bad_media'
  | 'bad_mid'
  | 'bad_ufrag'
  | 'bad_pwd'
  | 'bad_fingerprint'
  | 'bad_setup'
  | 'bad_sctp_port'
  | 'bad_message_size'
  | 'too_many_candidates';

const maxLength = 16_384;
const maxLines = 200;
const maxCandidates = 40;

/** The single value of an attribute, wherever it stands; undefined when it is missing or stands there with two values. */
const single = (attributes: ReadonlyMap<string, readonly string[]>, name: string): string | undefined => {
  const values = new Set(attributes.get(name));
  return values.size === 1 ? [...values][0] : undefined;
};

/** RFC 8122, section 5: one description may carry fingerprints of several hashes; the engine checks SHA-256's. */
const sha256Fingerprint = (attributes: ReadonlyMap<string, readonly string[]>): string | undefined => {
  const values = new Set<string>();
  for (const value of attributes.get('fingerprint') ?? []) {
    const [, hash = '', pairs = ''] = /^(sha-\d{1,3}) ((?:[0-9a-f]{2}:){15,63}[0-9a-f]{2})$/i.exec(value) ?? [];
    if (hash === '') return undefined;
    if (hash.toLowerCase() === 'sha-256') values.add(pairs.toUpperCase());
  }
  const [fingerprint] = values;
  return values.size === 1 && fingerprint?.length === 95 ? fingerprint : undefined;
};

const wholeNumber = (text: string, max: number): number | undefined => {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
};

/**
 * Reads an offer or answer for data channels strictly (RFC 8866, 8839, 8841): native engines have been brought down by
 * less than this lets through. {@link writeDescription} then writes the description anew.
 *
 * @param type an answer has to choose a DTLS role (RFC 8842, section 5.3); when omitted, `sdp` is read as an offer
 */
export const readDescription = (
  sdp: string,
  type: 'offer' | 'answer' = 'offer',
): Result<DataChannelDescription, SdpFault> => {
  if (sdp.length > maxLength) return failure('too_long');
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length > maxLines) return failure('too_long');
  if (lines[0] !== 'v=0' || !lines.every((line) => /^[a-z]=[\x20-\x7e]*$/.test(line))) return failure('bad_line');

  const of = (type: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${type}=`)).map((line) => line.slice(2));
  const attributes = new Map<string, string[]>();
  for (const attribute of of('a')) {
    const colon = attribute.indexOf(':');
    const name = colon < 0 ? attribute : attribute.slice(0, colon);
    const values = attributes.get(name) ?? [];
    attributes.set(name, values);
    values.push(colon < 0 ? '' : attribute.slice(colon + 1));
  }

  const origins = of('o');
  const originId = /^\S{1,64} (\d{1,20}) \d{1,20} IN IP[46] \S{1,64}$/.exec(origins[0] ?? '')?.[1];
  if (originId === undefined || origins.length !== 1) return failure('bad_origin');

  const media = of('m');
  if (
    media.length !== 1 ||
    !/^application \d{1,5} (?:UDP\/|TCP\/)?DTLS\/SCTP webrtc-datachannel$/.test(media[0] ?? '')
  ) {
    return failure('bad_media');
  }
  const mid = single(attributes, 'mid');
  if (mid === undefined || !/^[A-Za-z0-9_-]{1,16}$/.test(mid)) return failure('bad_mid');
  const iceUfrag = single(attributes, 'ice-ufrag');
  if (iceUfrag === undefined || !/^[A-Za-z0-9+/]{4,256}$/.test(iceUfrag)) return failure('bad_ufrag');
  const icePwd = single(attributes, 'ice-pwd');
  if (icePwd === undefined || !/^[A-Za-z0-9+/]{22,256}$/.test(icePwd)) return failure('bad_pwd');
  const fingerprint = sha256Fingerprint(attributes);
  if (fingerprint === undefined) return failure('bad_fingerprint');
  const setup = single(attributes, 'setup');
  if (setup !== 'active' && setup !== 'passive' && (setup !== 'actpass' || type === 'answer'))
    return failure('bad_setup');
  const sctpPort = wholeNumber(single(attributes, 'sctp-port') ?? '', 65_535);
  if (sctpPort === undefined || sctpPort === 0) return failure('bad_sctp_port');
  // RFC 8841, section 6.1: 64 KiB where nothing is said.
  const sizes = attributes.get('max-message-size');
  const maxMessageSize = sizes ? wholeNumber(single(attributes, 'max-message-size') ?? '', 4_294_967_295) : 65_536;
  if (maxMessageSize === undefined) return failure('bad_message_size');
  const told = attributes.get('candidate') ?? [];
  if (told.length > maxCandidates) return failure('too_many_candidates');
  const candidates = told.flatMap((value) => {
    const verdict = judgeCandidate(`candidate:${value}`);
    return verdict.kind === 'use' ? [verdict.candidate] : [];
  });

  return success({
    originId,
    mid,
    iceUfrag,
    icePwd,
    fingerprint,
    setup,
    sctpPort,
    maxMessageSize,
    candidates,
  });
};

/** Writes a description in the one form that the engine gets to see, without its candidates. */
export const writeDescription = (description: DataChannelDescription): string =>
  [
    'v=0',
    `o=- ${description.originId} 2 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${description.mid}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${description.iceUfrag}`,
    `a=ice-pwd:${description.icePwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${description.fingerprint}`,
    `a=setup:${description.setup}`,
    `a=mid:${description.mid}`,
    `a=sctp-port:${String(description.sctpPort)}`,
    `a=max-message-size:${String(description.maxMessageSize)}`,
    '',
  ].join('\r\n');

/** The `o=` session id of any description, or undefined: all that a peer needs to tell a new offer from a repeated one. */
export const originIdOf = (sdp: string): string | undefined => /^o=\S+ (\d{1,20}) /m.exec(sdp)?.[1];
