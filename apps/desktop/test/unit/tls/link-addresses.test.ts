import { describe, expect, it } from 'vitest';

import type { WindowAddress } from '../../../src/host/window-protocol.js';
import type { Certificate } from '../../../src/tls/certificate.js';
import { nameProblem } from '../../../src/tls/certificate-problems.js';
import { linkAddresses } from '../../../src/tls/link-addresses.js';

const certificateFor = (names: readonly string[], addresses: readonly string[] = []): Certificate => ({
  names,
  addresses,
  notBefore: 0,
  notAfter: 1,
  lacksIssuer: false,
  isForServers: true,
  covers: (host) => names.includes(host) || addresses.includes(host),
});

const at = (address: string, kind: WindowAddress['kind'] = 'network'): WindowAddress => ({
  address,
  interfaceName: 'card0',
  kind,
});
const home = at('192.168.1.7');
const other = at('10.0.0.7');
const vpn = at('100.70.1.2', 'vpn');
const docker = at('172.17.0.1', 'virtual');
const loopback = at('127.0.0.1', 'loopback');

describe('what stands in the link', () => {
  const order = (own: readonly WindowAddress[], certificate?: Certificate): readonly string[] =>
    linkAddresses(own, certificate).map(({ address }) => address);

  it('is the likeliest address without a certificate', () => {
    expect(order([home, vpn])).toEqual(['192.168.1.7', '100.70.1.2']);
  });

  it('is a name of the certificate when it is good for names alone; every address stays to be chosen', () => {
    const certificate = certificateFor(['desk.example', 'desk.local']);
    expect(order([home, vpn, loopback], certificate)).toEqual([
      'desk.example',
      'desk.local',
      '192.168.1.7',
      '100.70.1.2',
      '127.0.0.1',
    ]);
  });

  it('is an address for which the certificate is good before a name, since it needs no name server', () => {
    expect(order([home, other], certificateFor(['desk.example'], ['10.0.0.7']))).toEqual([
      '10.0.0.7',
      'desk.example',
      '192.168.1.7',
    ]);
  });

  it('is neither this machine itself nor a pattern, and no network inside this machine', () => {
    const certificate = certificateFor(['localhost', 'a.localhost', '*.example'], ['127.0.0.1', '172.17.0.1']);
    expect(order([home, docker, loopback], certificate)).toEqual(['192.168.1.7', '172.17.0.1', '127.0.0.1']);
  });

  it('is no name in no network: there the name leads nowhere', () => {
    expect(order([loopback], certificateFor(['desk.example']))).toEqual(['127.0.0.1']);
  });

  it('is refused where the certificate names nothing at all', () => {
    expect(nameProblem(certificateFor([]), 'desk.example')?.message).toContain('for no name at all');
  });
});
