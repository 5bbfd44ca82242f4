import { describe } from 'vitest';

const fingerprint = '6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08';

const lines = (...text: readonly string[]): string => text.map((line) => `${line}\r\n`).join('');

/** Descriptions as engines write them. */
export const realDescriptions = {
  chromium: lines(
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=candidate:2895714271 1 udp 2113937151 2c4c3e39-4d0e-4b8a-93d4-0a9a3c2f7f10.local 51472 typ host generation 0 network-cost 999',
    'a=candidate:1467250027 1 udp 2122260223 192.168.1.23 46154 typ host generation 0 network-id 1',
    'a=candidate:1467250027 2 udp 2122260222 192.168.1.23 46155 typ host generation 0 network-id 1',
    'a=candidate:435653019 1 tcp 1845501695 192.168.1.23 9 typ host tcptype active generation 0 network-id 1',
    'a=candidate:1853887674 1 udp 1518280447 198.51.100.7 36768 typ srflx raddr 192.168.1.23 rport 46154 generation 0',
    'a=ice-ufrag:Zq6R',
    'a=ice-pwd:2v8lkrC4oEJzBUBKyWwLAKuP',
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    'a=mid:0',
    'a=sctp-port:5000',
    'a=max-message-size:262144',
  ),
  firefox: lines(
    'v=0',
    'o=mozilla...THIS_IS_SDPARTA-128.0 7326849837492383432 0 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=group:BUNDLE 0',
    'a=ice-options:trickle',
    'a=msid-semantic:WMS *',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=sendrecv',
    'a=ice-pwd:1e8bb0f0ed6cd1bf6b1a1a6e5f7a4c2d',
    'a=ice-ufrag:5f0b1c2d',
    'a=mid:0',
    'a=setup:actpass',
    'a=sctp-port:5000',
    'a=max-message-size:1073741823',
  ),
  libdatachannel: lines(
    'v=0',
    'o=rtc 2432637582 0 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'a=msid-semantic:WMS *',
    'a=ice-options:ice2,trickle',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=sctp-port:5000',
    'a=max-message-size:262144',
    'a=setup:actpass',
    'a=ice-ufrag:lC9d',
    'a=ice-pwd:XCDUU/VrfN2Yg4dDlQIkZN',
    'a=candidate:1 1 UDP 2122317823 192.168.1.7 41214 typ host',
    'a=candidate:2 1 UDP 2122317311 fd00:1:2::7 41214 typ host',
    'a=end-of-candidates',
  ),
  aiortc: lines(
    'v=0',
    'o=- 3934893281 3934893281 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'a=msid-semantic:WMS *',
    'm=application 46391 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 192.168.1.9',
    'a=mid:0',
    'a=sctp-port:5000',
    'a=max-message-size:65536',
    'a=candidate:b4e1 1 udp 2130706431 192.168.1.9 46391 typ host',
    'a=end-of-candidates',
    'a=ice-ufrag:Cm5h',
    'a=ice-pwd:Z0CmDMjTEtYTKPLm9wPWXS',
    `a=fingerprint:sha-256 ${fingerprint}`,
    `a=fingerprint:sha-384 ${fingerprint}:${fingerprint.slice(0, 47)}`,
    `a=fingerprint:sha-512 ${fingerprint}:${fingerprint}`,
    'a=setup:actpass',
  ),
  pion: lines(
    'v=0',
    'o=- 1434982783241212487 1731602442 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=msid-semantic:WMS*',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=extmap-allow-mixed',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=setup:actpass',
    'a=mid:0',
    'a=sendrecv',
    'a=sctp-port:5000',
    'a=max-message-size:1073741823',
    'a=ice-ufrag:bYzXkGHrfMTjZlPQ',
    'a=ice-pwd:fgoLHrEKdTLzOmXtXfpNhxHpmgTIkvjH',
    'a=candidate:2552961363 1 udp 2130706431 192.168.1.11 54711 typ host ufrag bYzXkGHrfMTjZlPQ',
    'a=candidate:2552961363 2 udp 2130706431 192.168.1.11 54711 typ host ufrag bYzXkGHrfMTjZlPQ',
    'a=end-of-candidates',
  ),
} as const;

/** Candidates as engines trickle them. */
export const realCandidates = [
  'candidate:1467250027 1 udp 2122260223 192.168.1.23 46154 typ host generation 0 ufrag Zq6R network-id 1',
  'candidate:2895714271 1 udp 2113937151 2c4c3e39-4d0e-4b8a-93d4-0a9a3c2f7f10.local 51472 typ host',
  'candidate:0 1 UDP 2122187007 10.0.0.4 44323 typ host',
  'candidate:1 1 UDP 1686052607 198.51.100.7 36768 typ srflx raddr 10.0.0.4 rport 44323',
  'a=candidate:2 1 UDP 2122317311 fd00:1:2::7 41214 typ host',
  'candidate:3 1 UDP 41885439 203.0.113.4 3478 typ relay raddr 0.0.0.0 rport 0',
  'candidate:435653019 1 tcp 1845501695 192.168.1.23 9 typ host tcptype active',
  'candidate:4 1 UDP 1694498815 ::ffff:198.51.100.7 36768 typ srflx raddr :: rport 0',
] as const;

/** Runs the same tests on each engine's description. */
export const describeEach = (name: string, body: (sdp: string, engine: string) => void): void => {
  for (const [engine, sdp] of Object.entries(realDescriptions)) {
    describe(`${name} (${engine})`, () => {
      body(sdp, engine);
    });
  }
};
