import type { NetworkInterfaceInfo } from 'node:os';

import { ManualClock } from '@proxim/protocol/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { findDefaultAddresses } from '../../src/host/default-route.js';
import type { Interfaces } from '../../src/host/network-addresses.js';
import { machineNetwork, type NetworkWatch, watchNetwork } from '../../src/host/network-watch.js';

const card = (address: string): readonly NetworkInterfaceInfo[] => [
  {
    address,
    netmask: '255.255.255.0',
    family: 'IPv4',
    mac: '3c:52:82:01:02:03',
    internal: false,
    cidr: `${address}/24`,
  },
];

describe('the watch on the network', () => {
  let clock: ManualClock;
  let interfaces: Interfaces;
  let defaults: readonly string[];
  let looks: number;
  let changes: (readonly string[])[];
  let watch: NetworkWatch;

  beforeEach(() => {
    clock = new ManualClock();
    interfaces = { eth0: card('10.0.0.5'), wlan0: card('192.168.1.7') };
    defaults = ['192.168.1.7'];
    looks = 0;
    changes = [];
  });

  afterEach(() => {
    watch.stop();
  });

  const start = (): void => {
    watch = watchNetwork({
      clock,
      network: {
        interfaces: () => {
          looks += 1;
          return interfaces;
        },
        defaultAddresses: () => Promise.resolve(defaults),
        isHardware: () => false,
      },
      onChange: (addresses) => changes.push(addresses.map(({ address }) => address)),
    });
  };
  const current = (): readonly string[] => watch.addresses.map(({ address }) => address);
  const seconds = async (count: number): Promise<void> => {
    const before = looks;
    clock.advance(count * 1000);
    await vi.waitFor(() => {
      expect(looks).toBe(before + 1);
    });
  };

  it('has a list at once, and puts the default route’s card first as soon as that is known', async () => {
    start();
    expect(current()).toEqual(['10.0.0.5', '192.168.1.7']);
    expect(changes).toEqual([]);
    await vi.waitFor(() => {
      expect(changes).toEqual([['192.168.1.7', '10.0.0.5']]);
    });
    expect(current()).toEqual(['192.168.1.7', '10.0.0.5']);
  });

  it('tells of a changed list once, and of nothing else', async () => {
    start();
    await vi.waitFor(() => {
      expect(changes).toHaveLength(1);
    });
    await seconds(2);
    expect(changes).toHaveLength(1);
    interfaces = { wlan0: card('172.20.10.3') };
    defaults = ['172.20.10.3'];
    await seconds(2);
    expect(changes.slice(1)).toEqual([['172.20.10.3']]);
    await seconds(2);
    expect(changes).toHaveLength(2);
  });

  it('tells of a default route that moved, although every address stayed', async () => {
    start();
    await vi.waitFor(() => {
      expect(changes).toHaveLength(1);
    });
    defaults = ['10.0.0.5'];
    await seconds(2);
    expect(changes.at(-1)).toEqual(['10.0.0.5', '192.168.1.7']);
  });

  it('goes on without a network, and finds one that comes', async () => {
    interfaces = {};
    defaults = [];
    start();
    expect(current()).toEqual([]);
    await vi.waitFor(() => {
      expect(looks).toBe(2);
    });
    interfaces = { wlan0: card('192.168.1.7') };
    await seconds(2);
    expect(changes).toEqual([['192.168.1.7']]);
  });

  it('looks no more once it is stopped', async () => {
    start();
    await vi.waitFor(() => {
      expect(clock.pendingTimers).toBe(1);
    });
    watch.stop();
    expect(clock.pendingTimers).toBe(0);
    start();
    const before = changes.length;
    watch.stop();
    await Promise.resolve();
    clock.advance(10_000);
    expect(changes).toHaveLength(before);
  });
});

describe('this machine’s network', () => {
  it('calls the world from addresses of its own, or from none', async () => {
    const own = Object.values(machineNetwork(process.platform).interfaces()).flatMap((infos) =>
      (infos ?? []).map(({ address }) => address),
    );
    expect((await findDefaultAddresses()).filter((address) => !own.includes(address))).toEqual([]);
  });

  it('does not take loopback for a device', () => {
    expect(machineNetwork('linux').isHardware('lo')).toBe(false);
    expect(machineNetwork('linux').isHardware('../..')).toBe(false);
  });
});
