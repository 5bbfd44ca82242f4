import type { NetworkInterfaceInfo } from 'node:os';

import type { WindowAddress } from './window-protocol.js';

/** What containers, virtual machines and a system's own side channels call their networks, on Linux and macOS. */
const virtualNames =
  /^(?:docker|br-[0-9a-f]{12}$|veth(?!ernet)|virbr|vmnet|vmenet|vboxnet|vnic\d|lxc|lxd|incus|cni|flannel|cali|kube|podman|ifb|dummy|anpi|awdl|llw|ap\d|bridge\d)/i;
/** And on Windows. `Local Area Connection* 2` is a hotspot of this computer's own, or waits to be one. */
const virtualWindowsNames =
  /^(?:Local Area Connection\* \d|LAN-Verbindung\* \d|VMware Network Adapter|VirtualBox Host-Only)/i;

const vpnNames =
  /^(?:tun|tap|wg|utun|ppp|tailscale|zt|feth|nordlynx|proton|mullvad|ipsec|gpd|wt\d|nebula|cscotun|outline)/i;
const vpnWords =
  /\b(?:vpn|openvpn|protonvpn|wireguard|wintun|tailscale|zerotier|nordlynx|mullvad|anyconnect|warp)\b|cloudflarewarp/i;

/** What Linux, macOS and systemd call cards, in containers and virtual machines too. */
const cardNames = /^(?:eth|en|wl|ww|usb)/i;

/** 100.64.0.0/10 is what Tailscale and carriers hand out (RFC 6598); a phone in the same room is not behind it. */
const isSharedSpace = (address: string): boolean => /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address);

/**
 * Whether the MAC address is that of this computer's own side of a virtual network. The other side has the same
 * manufacturer, and there the card is the machine's real way out.
 */
const isHostSideMac = (mac: string, interfaceName: string): boolean => {
  // VirtualBox gives 0a:00:27 to host-only networks alone; its guests have 08:00:27.
  if (mac.startsWith('0a:00:27')) return true;
  // VMware numbers the host's adapters from 00:50:56:c0:00:00 on; its guests are elsewhere in 00:50:56, or 00:0c:29.
  if (mac.startsWith('00:50:56:c0:00')) return true;
  // Both ends of a Docker network are 02:42; in a container the end is called as a card is.
  return mac.startsWith('02:42') && !cardNames.test(interfaceName);
};

/**
 * A virtual switch of Hyper-V (`vEthernet (WSL)`) is a network inside this computer as long as it has a MAC address of
 * Microsoft's; one that took over a card's address is the computer's connection to the world.
 */
const isInnerSwitch = (interfaceName: string, mac: string): boolean =>
  /^vEthernet\b/i.test(interfaceName) && (mac.startsWith('00:15:5d') || mac === '00:00:00:00:00:00');

/**
 * What kind of network an address is in, judged by the name and the MAC address of its card.
 *
 * @param isHardware whether the system says that a device of its own stands behind the name; that outweighs the name
 */
export const kindOfInterface = (
  interfaceName: string,
  info: Pick<NetworkInterfaceInfo, 'address' | 'mac' | 'internal'>,
  isHardware: boolean,
): WindowAddress['kind'] => {
  const mac = info.mac.toLowerCase();
  if (info.internal) return 'loopback';
  if (isHardware) return 'network';
  if (vpnNames.test(interfaceName) || vpnWords.test(interfaceName) || mac.startsWith('00:ff')) return 'vpn';
  if (isSharedSpace(info.address)) return 'vpn';
  if (virtualNames.test(interfaceName) || virtualWindowsNames.test(interfaceName)) return 'virtual';
  if (/^TAP\b/i.test(interfaceName)) return 'vpn';
  return isInnerSwitch(interfaceName, mac) || isHostSideMac(mac, interfaceName) ? 'virtual' : 'network';
};
