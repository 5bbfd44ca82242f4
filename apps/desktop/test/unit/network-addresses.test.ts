import type { NetworkInterfaceInfo } from 'node:os';

import { describe, expect, it } from 'vitest';

import { rankAddresses, urlHost } from '../../src/host/network-addresses.js';

const ipv4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  netmask: '255.255.255.0',
  family: 'IPv4',
  mac: '00:00:00:00:00:00',
  internal,
  cidr: `${address}/24`,
});
const ipv6 = (address: string): NetworkInterfaceInfo => ({
  address,
  netmask: 'ffff:ffff:ffff:ffff::',
  family: 'IPv6',
  mac: '00:00:00:00:00:00',
  internal: false,
  cidr: `${address}/64`,
  scopeid: 0,
});

describe('the address in the QR code', () => {
  it('is that of a real card, before VPNs, virtual networks and loopback', () => {
    const ranked = rankAddresses({
      lo: [ipv4('127.0.0.1', true)],
      docker0: [ipv4('172.17.0.1')],
      tun0: [ipv4('10.8.0.6')],
      tailscale0: [ipv4('100.101.102.103')],
      wlp3s0: [ipv4('192.168.1.7')],
    });
    expect(ranked.map(({ address, kind }) => `${address} ${kind}`)).toEqual([
      '192.168.1.7 network',
      '10.8.0.6 vpn',
      '100.101.102.103 vpn',
      '172.17.0.1 virtual',
      '127.0.0.1 loopback',
    ]);
  });

  it('is a private one before a public one, IPv4 before IPv6, and never link-local', () => {
    const ranked = rankAddresses({
      eth0: [
        ipv6('2001:db8::7'),
        ipv6('fe80::1'),
        ipv6('fd12::7'),
        ipv4('169.254.7.7'),
        ipv4('203.0.113.9'),
        ipv4('192.168.1.7'),
      ],
    });
    expect(ranked.map(({ address }) => address)).toEqual(['192.168.1.7', 'fd12::7', '203.0.113.9', '2001:db8::7']);
  });

  it('stands in brackets in a URL when it is IPv6', () => {
    expect(urlHost('fd12::7')).toBe('[fd12::7]');
    expect(urlHost('192.168.1.7')).toBe('192.168.1.7');
  });
});
