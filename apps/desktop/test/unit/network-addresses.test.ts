import type { NetworkInterfaceInfo } from 'node:os';

import { describe, expect, it } from 'vitest';

import { rankAddresses, urlHost } from '../../src/host/network-addresses.js';

const noMac = '00:00:00:00:00:00';

const ipv4 = (address: string, internal = false, mac = noMac): NetworkInterfaceInfo => ({
  address,
  netmask: '255.255.255.0',
  family: 'IPv4',
  mac,
  internal,
  cidr: `${address}/24`,
});
const ipv6 = (address: string, mac = noMac): NetworkInterfaceInfo => ({
  address,
  netmask: 'ffff:ffff:ffff:ffff::',
  family: 'IPv6',
  mac,
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

  it('is that of the card with the default route, where several are real', () => {
    const interfaces = {
      enp2s0: [ipv4('10.20.0.5')],
      wlan0: [ipv4('192.168.1.200'), ipv4('192.168.1.7'), ipv6('fd12::7')],
    };
    const ranked = rankAddresses(interfaces, { defaultAddresses: ['192.168.1.7', 'fd12::7'] });
    expect(ranked.map(({ address }) => address)).toEqual(['192.168.1.7', '192.168.1.200', 'fd12::7', '10.20.0.5']);
  });

  it('is not that of a VPN through which everything goes, nor a public one where there is a private one', () => {
    const interfaces = { wg0: [ipv4('10.64.0.2')], wlan0: [ipv4('192.168.1.7')], wwan0: [ipv4('203.0.113.9')] };
    expect(rankAddresses(interfaces, { defaultAddresses: ['10.64.0.2'] })[0]?.address).toBe('192.168.1.7');
    expect(rankAddresses(interfaces, { defaultAddresses: ['203.0.113.9'] })[0]?.address).toBe('192.168.1.7');
  });

  it('follows IPv6’s default route where there is no other', () => {
    const interfaces = { enp2s0: [ipv6('fd01::1')], wlan0: [ipv6('fd02::2')] };
    expect(rankAddresses(interfaces, { defaultAddresses: ['fd02::2'] })[0]?.address).toBe('fd02::2');
  });

  it('is that of a card with a device behind it, before one that the system made up', () => {
    const interfaces = { mynet: [ipv4('10.9.0.1')], wlan0: [ipv4('192.168.1.7')], tun5: [ipv4('10.64.0.9')] };
    const ranked = rankAddresses(interfaces, { isHardware: (name) => name !== 'mynet' });
    expect(ranked.map(({ interfaceName, kind }) => `${interfaceName} ${kind}`)).toEqual([
      'wlan0 network',
      'tun5 network',
      'mynet network',
    ]);
  });

  it.each([
    ['eth0', '02:42:ac:11:00:02', 'network'], // in a container
    ['lan0', '7a:11:22:33:44:55', 'network'], // a veth that is called like a card
    ['veth12ab', '7a:11:22:33:44:55', 'virtual'],
    ['br0', '52:54:00:11:22:33', 'network'], // a card behind a bridge
    ['br-lan', '52:54:00:11:22:33', 'network'],
    ['br-0123456789ab', noMac, 'virtual'],
    ['mynet', '02:42:5e:00:00:01', 'virtual'], // Docker's, under a name of the user's
    ['Ethernet 2', '0a:00:27:00:00:10', 'virtual'], // VirtualBox, host-only
    ['enp0s3', '08:00:27:12:34:56', 'network'], // in a guest of VirtualBox
    ['VMware Network Adapter VMnet8', '00:50:56:c0:00:08', 'virtual'],
    ['Ethernet 3', '00:50:56:C0:00:01', 'virtual'],
    ['ens160', '00:50:56:9a:00:01', 'network'], // in guests of VMware
    ['ens33', '00:0c:29:12:34:56', 'network'],
    ['vEthernet (WSL)', '00:15:5d:01:02:03', 'virtual'],
    ['vEthernet (Default Switch)', noMac, 'virtual'],
    ['vEthernet (Office)', '3c:52:82:01:02:03', 'network'], // an external switch, with the card's own address
    ['eth1', '00:15:5d:01:02:03', 'network'], // in a guest of Hyper-V
    ['Wi-Fi', '3c:52:82:01:02:03', 'network'],
    ['Local Area Connection', '3c:52:82:01:02:03', 'network'],
    ['Local Area Connection* 2', '3e:52:82:01:02:03', 'virtual'],
    ['Tailscale', noMac, 'vpn'],
    ['WireGuard Tunnel', noMac, 'vpn'],
    ['OpenVPN TAP-Windows6', '00:ff:12:34:56:78', 'vpn'],
    ['Ethernet 4', '00:ff:12:34:56:78', 'vpn'],
    ['CloudflareWARP', noMac, 'vpn'],
    ['utun4', noMac, 'vpn'],
    ['feth1234', '66:11:22:33:44:55', 'vpn'],
    ['en0', '3c:52:82:01:02:03', 'network'],
    ['bridge100', '3e:52:82:01:02:64', 'virtual'],
    ['awdl0', '3e:52:82:01:02:64', 'virtual'],
    ['docker0', noMac, 'virtual'],
  ])('counts %s with %s as %s', (name, mac, kind) => {
    expect(rankAddresses({ [name]: [ipv4('192.168.1.7', false, mac)] })[0]?.kind).toBe(kind);
  });

  it('leaves out what stands on this computer alone in an IPv6-only network', () => {
    const ranked = rankAddresses({ en0: [ipv4('192.0.0.2'), ipv6('2001:db8::7')] });
    expect(ranked.map(({ address }) => address)).toEqual(['2001:db8::7']);
  });

  it('is of several IPv6 addresses in one network the one that lasts', () => {
    const mac = '3c:52:82:01:02:03';
    const lasting = '2001:db8:0:1:3e52:82ff:fe01:203';
    const temporary = '2001:db8:0:1:9d1c:1:2:3';
    const madeOfMac = rankAddresses(
      { wlan0: [ipv6(temporary, mac), ipv6(lasting, mac), ipv6('2001:db8:0:2::1', mac)] },
      { defaultAddresses: [temporary] },
    );
    expect(madeOfMac.map(({ address }) => address)).toEqual([lasting, '2001:db8:0:2::1']);
    const calledFrom = rankAddresses(
      { wlan0: [ipv6(temporary, mac), ipv6('2001:db8:0:1::5', mac)] },
      { defaultAddresses: [temporary] },
    );
    expect(calledFrom.map(({ address }) => address)).toEqual(['2001:db8:0:1::5']);
  });

  it('stands once, although two cards have it', () => {
    const ranked = rankAddresses({ docker0: [ipv4('192.168.1.7')], wlan0: [ipv4('192.168.1.7')] });
    expect(ranked).toEqual([{ address: '192.168.1.7', interfaceName: 'wlan0', kind: 'network' }]);
  });
});
