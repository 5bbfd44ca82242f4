import { isProximError } from '@proxim/protocol';

import type { InputBackend } from '../../backends/input/input-backend.js';
import type { Check } from '../check.js';
import { type Finding, ok, unknown, warning } from '../finding.js';
import type { Machine } from '../machine.js';

const x11Session = 'Log out, and choose an X11 (Xorg) session where you log in.';

const isWayland = (env: Machine['env']): boolean =>
  env['XDG_SESSION_TYPE'] === 'wayland' || (env['WAYLAND_DISPLAY'] ?? '') !== '';

/** A phone connects all the same, so what is missing here is no failure. */
const whatIsMissing = ({ platform, env }: Pick<Machine, 'platform' | 'env'>, code: string): Finding => {
  const but = 'A phone can connect, but does not move anything:';
  if (platform === 'darwin' || platform === 'win32') {
    const system = platform === 'darwin' ? 'macOS' : 'Windows';
    return warning(`${but} Proxim cannot control ${system} yet.`, 'Use a Linux desktop with an X11 session.');
  }
  if (code === 'no_permission') {
    return warning(
      `${but} this user may not use the screen ${env['DISPLAY'] ?? ''}.`,
      'Start Proxim as the user who is logged in at the screen.',
    );
  }
  if (code === 'unsupported_platform') {
    return warning(`${but} the X server lacks the extension XTEST.`, 'Start the X server with XTEST enabled.');
  }
  const display = env['DISPLAY'] ?? '';
  if (display === '' && isWayland(env)) return warning(`${but} this Wayland session has no XWayland.`, x11Session);
  if (display === '') {
    return warning(
      `${but} there is no screen here, since DISPLAY is not set.`,
      'Start Proxim in a terminal of the graphical session.',
    );
  }
  return warning(`${but} there is no X server at ${display}.`, 'Start Proxim in a terminal of the graphical session.');
};

/** Whether a phone could move this computer's pointer. @param options `connect` as `selectInputBackend` */
export const inputCheck = (options: {
  readonly machine: Pick<Machine, 'platform' | 'env'>;
  readonly connect: () => Promise<Pick<InputBackend, 'name' | 'close'>>;
}): Check => ({
  name: 'input',
  run: async () => {
    const { machine, connect } = options;
    let name: string;
    try {
      const backend = await connect();
      name = backend.name;
      await backend.close();
    } catch (error) {
      if (isProximError(error)) return whatIsMissing(machine, error.code);
      return unknown(
        'It cannot be told whether a phone could move the pointer.',
        'Start Proxim, and see what it says.',
      );
    }
    if (isWayland(machine.env)) {
      return warning('In this Wayland session a phone moves X programs only, through XWayland.', x11Session);
    }
    return ok(`A phone can move the pointer and type here (${name}).`);
  },
});
