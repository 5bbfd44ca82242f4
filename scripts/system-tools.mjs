// The programs that the tests use besides Node: installed through apt where that may be, else named in one line.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program and Debian package. */
const tools = [
  ['chromium', 'chromium'],
  ['Xvfb', 'xvfb'],
  ['openbox', 'openbox'],
  ['xterm', 'xterm'],
  ['xdotool', 'xdotool'],
  ['setxkbmap', 'x11-xkb-utils'],
  ['xclip', 'xclip'],
  ['xauth', 'xauth'],
  ['strace', 'strace'],
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
  // The tests start a process of their own; they need nothing of Debian's service.
  ['turnserver', 'coturn'],
  ['nats-server', 'nats-server'],
  ['dbus-daemon', 'dbus-daemon'],
  ['dbus-monitor', 'dbus-bin'],
  ['dbus-send', 'dbus-bin'],
  ['openssl', 'openssl'],
  ['certutil', 'libnss3-tools'],
  ['setpriv', 'util-linux'],
  ['unshare', 'util-linux'],
  ['script', 'bsdutils'],
];

const isInstalled = (program) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Makes sure that every tool is there; ends the process with one line when one is not to be had. */
export const installSystemTools = () => {
  const missing = () => tools.filter(([program]) => !isInstalled(program));
  if (missing().length === 0) return;
  const packages = missing().map(([, name]) => name);
  if (process.getuid?.() === 0 && isInstalled('apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  }
  const still = missing().map(([, name]) => name);
  if (still.length === 0) return;
  console.error(`The tests need these Debian packages: apt-get install ${still.join(' ')}`);
  process.exit(1);
};
