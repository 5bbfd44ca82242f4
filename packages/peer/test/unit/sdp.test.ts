import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type DataChannelDescription,
  judgeCandidate,
  originIdOf,
  readDescription,
  writeDescription,
} from '../../src/index.js';
import { describeEach, realDescriptions } from '../stage/real-descriptions.js';
import { anyDescription } from '../stage/sdp-arbitraries.js';

const faultOf = (sdp: string, type?: 'offer' | 'answer'): string | undefined => {
  const read = readDescription(sdp, type);
  return read.ok ? undefined : read.error;
};

const read = (sdp: string): DataChannelDescription => {
  const result = readDescription(sdp);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

describeEach('a description', (sdp) => {
  it('[SG6] is read', () => {
    expect(read(sdp)).toMatchObject({ setup: 'actpass', sctpPort: 5000, mid: '0', originId: originIdOf(sdp) });
  });

  it('is read with bare line feeds as well', () => {
    expect(read(sdp.replaceAll('\r\n', '\n'))).toEqual(read(sdp));
  });

  it('[SG10] is written anew in one form, which reads the same', () => {
    const written = writeDescription(read(sdp));
    expect(read(written)).toEqual({ ...read(sdp), candidates: [] });
    expect(writeDescription(read(written))).toBe(written);
  });
});

describe('a description', () => {
  const { chromium, aiortc } = realDescriptions;

  it('keeps of its candidates those that an engine can use', () => {
    expect(read(chromium).candidates).toEqual([
      'candidate:1467250027 1 UDP 2122260223 192.168.1.23 46154 typ host',
      'candidate:1853887674 1 UDP 1518280447 198.51.100.7 36768 typ srflx raddr 0.0.0.0 rport 0',
    ]);
  });

  it('may carry fingerprints of other hashes; SHA-256’s is the one that counts', () => {
    expect(read(aiortc).fingerprint).toBe(read(chromium).fingerprint);
    const line = `a=fingerprint:sha-256 ${read(chromium).fingerprint}`;
    expect(faultOf(aiortc.replace('6B:8B', '6B:8C'))).toBeUndefined();
    expect(faultOf(`${aiortc}${line.replace('6B:8B', '00:00')}\r\n`)).toBe('bad_fingerprint');
    expect(faultOf(`${aiortc}${line.toLowerCase()}\r\n`)).toBeUndefined();
    expect(faultOf(aiortc.replace(`${line}\r\n`, ''))).toBe('bad_fingerprint');
    expect(faultOf(`${aiortc}a=fingerprint:md5 ${'00:'.repeat(15)}00\r\n`)).toBe('bad_fingerprint');
  });

  it.each([
    ['bad_line', chromium.replace('v=0', 'v=1')],
    ['bad_line', chromium.replace('s=-', 's=\u0001')],
    ['bad_line', chromium.replace('s=-', 's=-\rx')],
    ['bad_line', chromium.replace('s=-', 'nonsense')],
    ['bad_origin', chromium.replace(/o=.*/, 'o=- -1 2 IN IP4 127.0.0.1')],
    ['bad_origin', chromium.replace(/o=.*/, `o=- ${'9'.repeat(21)} 2 IN IP4 127.0.0.1`)],
    ['bad_origin', chromium.replace('s=-', 'o=- 1 2 IN IP4 127.0.0.1')],
    ['bad_media', chromium.replace('m=application', 'm=audio')],
    ['bad_media', `${chromium}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`],
    ['bad_mid', chromium.replace('a=mid:0', 'a=mid:')],
    ['bad_mid', chromium.replace('a=mid:0', `a=mid:${'0'.repeat(17)}`)],
    ['bad_ufrag', `${chromium}a=ice-ufrag:another\r\n`],
    ['bad_ufrag', chromium.replace('ice-ufrag:Zq6R', 'ice-ufrag:Zq6')],
    ['bad_ufrag', chromium.replace('ice-ufrag:Zq6R', `ice-ufrag:${'a'.repeat(257)}`)],
    ['bad_pwd', chromium.replace(/ice-pwd:.*/, 'ice-pwd:short')],
    ['bad_fingerprint', chromium.replace('sha-256', 'sha-1')],
    ['bad_fingerprint', chromium.replace('6B:8B', '6B')],
    ['bad_setup', chromium.replace('actpass', 'holdconn')],
    ['bad_sctp_port', chromium.replace('5000', '0')],
    ['bad_sctp_port', chromium.replace('5000', '65536')],
    ['bad_sctp_port', chromium.replace('5000', '99999999999')],
    ['bad_message_size', chromium.replace('262144', '4294967296')],
    ['bad_message_size', chromium.replace('262144', '-1')],
    ['too_long', `${chromium}${'a=x\r\n'.repeat(200)}`],
    ['too_long', `${chromium}a=${'x'.repeat(16_384)}\r\n`],
    ['too_many_candidates', `${chromium}${'a=candidate:x\r\n'.repeat(40)}`],
  ])('[AU18] is refused as %s', (fault, sdp) => {
    expect(faultOf(sdp)).toBe(fault);
  });

  it('has a DTLS role to choose when it is an answer', () => {
    expect(faultOf(chromium, 'offer')).toBeUndefined();
    expect(faultOf(chromium, 'answer')).toBe('bad_setup');
    for (const role of ['active', 'passive']) {
      expect(faultOf(chromium.replace('actpass', role), 'answer')).toBeUndefined();
      expect(faultOf(chromium.replace('actpass', role), 'offer')).toBeUndefined();
    }
    expect(faultOf(`${chromium}a=setup:active\r\n`)).toBe('bad_setup');
  });

  it('whatever it is, is read without a throw; what is read holds to the grammar, and is the same when written', () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyDescription, fc.constantFrom('offer', 'answer'), (sdp, type) => {
        const result = readDescription(sdp, type);
        if (!result.ok) return;
        accepted += 1;
        const written = writeDescription(result.value);
        expect(written).toMatch(
          /^v=0\r\no=- \d{1,20} 2 IN IP4 127\.0\.0\.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE ([\w-]{1,16})\r\nm=application 9 UDP\/DTLS\/SCTP webrtc-datachannel\r\nc=IN IP4 0\.0\.0\.0\r\na=ice-ufrag:[A-Za-z0-9+/]{4,256}\r\na=ice-pwd:[A-Za-z0-9+/]{22,256}\r\na=ice-options:trickle\r\na=fingerprint:sha-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}\r\na=setup:(?:actpass|active|passive)\r\na=mid:\1\r\na=sctp-port:\d{1,5}\r\na=max-message-size:\d{1,10}\r\n$/,
        );
        expect(readDescription(written, type)).toEqual({ ok: true, value: { ...result.value, candidates: [] } });
        for (const candidate of result.value.candidates) {
          expect(judgeCandidate(candidate)).toEqual({ kind: 'use', candidate });
        }
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
