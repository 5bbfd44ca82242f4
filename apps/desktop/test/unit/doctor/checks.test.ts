import { ProximError } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import { addressCheck } from '../../../src/doctor/checks/address.js';
import { browserCheck } from '../../../src/doctor/checks/browser.js';
import { clockCheck } from '../../../src/doctor/checks/clock.js';
import { dataFolderCheck } from '../../../src/doctor/checks/data-folder.js';
import { inputCheck } from '../../../src/doctor/checks/input.js';
import { pageCheck } from '../../../src/doctor/checks/page.js';
import type { Check } from '../../../src/doctor/check.js';
import type { Finding } from '../../../src/doctor/finding.js';
import type { FolderState } from '../../../src/doctor/machine.js';
import { subnetOf } from '../../../src/doctor/subnet.js';
import type { WindowAddress } from '../../../src/host/window-protocol.js';
import { fakeMachine, says } from './fake-machine.js';

const run = (check: Check): Promise<Finding> => check.run(new AbortController().signal);

describe('the address', () => {
  const at = (
    addresses: readonly (readonly [string, WindowAddress['kind']])[],
    flags: { readonly host?: string; readonly address?: string } = {},
  ): Promise<Finding> =>
    run(
      addressCheck({
        addresses: () =>
          Promise.resolve(addresses.map(([address, kind]) => ({ address, kind, interfaceName: 'card0' }))),
        host: flags.host,
        address: flags.address,
      }),
    );

  it('is one that a phone can reach', async () => {
    expect(await at([['192.168.1.7', 'network']])).toEqual({
      result: 'ok',
      message: 'A phone in the same network finds this computer at 192.168.1.7 (card0).',
    });
  });

  it.each([
    ['network', '2001:db8::7', 'warning', 'Allow'],
    ['vpn', '10.8.0.6', 'warning', 'same VPN'],
    ['virtual', '172.17.0.1', 'failure', 'Join the Wi-Fi'],
    ['loopback', '127.0.0.1', 'failure', 'Join the Wi-Fi'],
  ] as const)('is only that of %s', async (kind, address, result, cure) => {
    expect(await at([[address, kind]])).toMatchObject({ result, cure: expect.stringContaining(cure) as string });
  });

  it('is none', async () => {
    expect((await at([])).result).toBe('failure');
  });

  it('is the one of the flags', async () => {
    const own = [['192.168.1.7', 'network'] as const, ['10.8.0.6', 'vpn'] as const];
    expect((await at(own, { host: '127.0.0.1' })).result).toBe('failure');
    expect((await at(own, { host: '10.8.0.6' })).message).toContain('VPN');
    expect((await at(own, { address: 'desk.example' })).result).toBe('ok');
    expect(await at(own, { address: '192.168.1.8' })).toMatchObject({
      result: 'warning',
      message: '--address: 192.168.1.8 is no address of this computer.',
      cure: 'Leave --address out, or make sure that 192.168.1.8 leads here. This computer has 192.168.1.7.',
    });
  });

  it('is in a network that a firewall can be told of', () => {
    const info = { netmask: '', mac: '', internal: false, family: 'IPv4' } as const;
    const interfaces = {
      wlan0: [{ ...info, address: '172.20.10.3', cidr: '172.20.10.3/28' }],
      eth0: [{ ...info, address: '10.1.130.9', cidr: '10.1.130.9/17' }],
      odd: [{ ...info, address: '10.9.9.9', cidr: null }],
    };
    expect(subnetOf(interfaces, '172.20.10.3')).toBe('172.20.10.0/28');
    expect(subnetOf(interfaces, '10.1.130.9')).toBe('10.1.128.0/17');
    expect(subnetOf(interfaces, '10.9.9.9')).toBeUndefined();
    expect(subnetOf(interfaces, 'fd12::7')).toBeUndefined();
  });
});

describe('input', () => {
  const refuse = (
    code: string,
    platform: NodeJS.Platform,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Finding> =>
    run(
      inputCheck({
        machine: { platform, env },
        connect: () => Promise.reject(new ProximError(code, 'why')),
      }),
    );

  it('is reported by its name, and left again', async () => {
    let closed = 0;
    const connect = () =>
      Promise.resolve({
        name: 'x11',
        close: () => {
          closed += 1;
          return Promise.resolve();
        },
      });
    expect(await run(inputCheck({ machine: { platform: 'linux', env: { DISPLAY: ':0' } }, connect }))).toEqual({
      result: 'ok',
      message: 'A phone can move the pointer and type here (x11).',
    });
    expect(closed).toBe(1);
    const wayland = { DISPLAY: ':0', XDG_SESSION_TYPE: 'wayland' };
    expect(await run(inputCheck({ machine: { platform: 'linux', env: wayland }, connect }))).toMatchObject({
      result: 'warning',
      cure: expect.stringContaining('X11 (Xorg)') as string,
    });
  });

  it.each([
    ['no_screen', 'linux', {}, 'DISPLAY is not set', 'graphical session'],
    ['no_screen', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'no XWayland', 'X11 (Xorg)'],
    ['no_screen', 'linux', { DISPLAY: ':7' }, 'no X server at :7', 'graphical session'],
    ['no_permission', 'linux', { DISPLAY: ':0' }, 'may not use the screen :0', 'logged in'],
    ['unsupported_platform', 'linux', { DISPLAY: ':0' }, 'XTEST', 'XTEST enabled'],
    ['unsupported_platform', 'darwin', {}, 'macOS', 'X11'],
    ['unsupported_platform', 'win32', {}, 'Windows', 'X11'],
  ] as const)('%s on %s with %j', async (code, platform, env, message, cure) => {
    expect(await refuse(code, platform, env)).toMatchObject({
      result: 'warning',
      message: expect.stringContaining(message) as string,
      cure: expect.stringContaining(cure) as string,
    });
  });
});

describe('the browser', () => {
  it('is there, or is to be installed', async () => {
    expect((await run(browserCheck({ platform: 'linux', find: () => '/usr/bin/chromium' }))).message).toBe(
      'The window opens with /usr/bin/chromium.',
    );
    const none = { find: () => undefined };
    expect(await run(browserCheck({ platform: 'linux', ...none }))).toMatchObject({
      result: 'warning',
      cure: expect.stringContaining('`sudo apt install chromium`') as string,
    });
    expect((await run(browserCheck({ platform: 'win32', ...none }))).result).toBe('warning');
  });
});

describe('the clock', () => {
  const asked = 'timedatectl show --property=NTPSynchronized --value';

  it.each([
    ['yes\n', 'ok', 'kept right over the network'],
    ['no\n', 'warning', 'nothing keeps it right'],
    ['', 'ok', 'cannot be seen'],
  ])('with timedatectl saying %j', async (output, result, message) => {
    const finding = await run(clockCheck(fakeMachine({ commands: { [asked]: says(output) } })));
    expect(finding).toMatchObject({ result, message: expect.stringContaining(message) as string });
    expect(finding.message).toContain('2026-11-23 09:30 UTC');
  });

  it('is wrong by years', async () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const finding = await run(clockCheck(fakeMachine({ platform, wallClock: () => 0 })));
      expect(finding).toMatchObject({ result: 'warning', cure: expect.stringMatching(/`.+`/) as string });
      expect(finding.message).toContain('1970-01-01');
    }
  });

  it('of Windows and macOS, as far as they say', async () => {
    const windows = { platform: 'win32', commands: { 'w32tm /query /status': says('...') } } as const;
    expect((await run(clockCheck(fakeMachine(windows)))).message).toContain('kept right');
    expect((await run(clockCheck(fakeMachine({ platform: 'darwin' })))).result).toBe('ok');
  });
});

describe('the data folder', () => {
  const probe = (state: FolderState, isChosen = false): Promise<Finding> =>
    run(dataFolderCheck({ probeFolder: () => Promise.resolve(state), folder: '/data/proxim', isChosen }));

  it('can be used, or made', async () => {
    expect((await probe({ kind: 'usable', exists: true })).message).toBe('/data/proxim can be used.');
    expect((await probe({ kind: 'usable', exists: false })).result).toBe('ok');
  });

  it.each(['not_a_folder', 'foreign', 'full', 'unusable'] as const)('is %s', async (kind) => {
    expect((await probe({ kind })).result).toBe('warning');
    expect(await probe({ kind }, true)).toMatchObject({
      result: 'failure',
      cure: expect.stringContaining('--data-dir') as string,
    });
  });
});

it('the page is built, or is to be', async () => {
  expect((await run(pageCheck({ isBuilt: () => Promise.resolve(true) }))).result).toBe('ok');
  expect(await run(pageCheck({ isBuilt: () => Promise.resolve(false) }))).toMatchObject({
    result: 'failure',
    cure: 'Build it: `npm run build`',
  });
});
