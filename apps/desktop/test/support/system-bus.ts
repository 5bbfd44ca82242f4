import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { endProcess } from './x-process.js';

/** A system bus of the test's own, on which the test is the one who says that the machine sleeps. */
export interface SystemBus {
  /** For DBUS_SYSTEM_BUS_ADDRESS. */
  readonly address: string;
  /** Says what logind says before a sleep (true) and after it (false). */
  prepareForSleep(isBefore: boolean): Promise<void>;
  /** Resolves once a program listens to the bus as `dbus-monitor` does. */
  hasListener(): Promise<void>;
  stop(): Promise<void>;
}

const config = (
  socket: string,
): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="signal"/>
    <allow send_type="method_call"/>
    <allow send_type="method_return"/>
    <allow send_type="error"/>
    <allow eavesdrop="true"/>
  </policy>
</busconfig>
`;

/** Starts a bus whose files are in `folder`. */
export const startSystemBus = async (folder: string): Promise<SystemBus> => {
  const file = join(folder, 'bus.conf');
  const socket = join(folder, 'bus.sock');
  await writeFile(file, config(socket));
  const child = spawn('dbus-daemon', [`--config-file=${file}`, '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listening = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('became a monitor')) resolve();
    });
  });
  await once(child.stdout, 'data');
  const address = `unix:path=${socket}`;
  return {
    address,
    prepareForSleep: async (isBefore) => {
      const sender = spawn('dbus-send', [
        `--bus=${address}`,
        '--sender=org.freedesktop.login1',
        '--type=signal',
        '/org/freedesktop/login1',
        'org.freedesktop.login1.Manager.PrepareForSleep',
        `boolean:${String(isBefore)}`,
      ]);
      await once(sender, 'exit');
      if (sender.exitCode !== 0) throw new Error(`dbus-send ended with ${String(sender.exitCode)}`);
    },
    hasListener: () => listening,
    stop: () => endProcess(child),
  };
};
