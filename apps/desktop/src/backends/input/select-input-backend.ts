import { ProximError } from '@proxim/protocol';
import type { InputBackend, InputBackendFault } from './input-backend.js';
import type { X11Log } from './x11/connection.js';
import { connectX11Input } from './x11/x11-input.js';

export interface SelectInputBackendOptions {
  /** The environment that Proxim was started in: `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As `process.platform`. */
  readonly platform: string;
  /** The screen has gone; called once at most. */
  readonly onLost: () => void;
  /** The user has pressed the keys that end control; they are taken when this is given. */
  readonly onPanic?: () => void;
  readonly log: X11Log;
}

const fault = (code: InputBackendFault, message: string) => new ProximError<InputBackendFault>(code, message);

/**
 * Connects to what moves this computer's pointer.
 *
 * Rejects with a `ProximError` whose code is an `InputBackendFault`; its message says why, and the cure.
 */
export const selectInputBackend = async (options: SelectInputBackendOptions): Promise<InputBackend> => {
  const { env, platform, onLost, onPanic, log } = options;
  const { DISPLAY: display = '', WAYLAND_DISPLAY: wayland = '', XDG_SESSION_TYPE: session } = env;
  // On these, DISPLAY is at best that of an X server in a window.
  if (platform === 'darwin' || platform === 'win32') {
    throw fault('unsupported_platform', 'Proxim cannot control this system yet. Use a Linux desktop with X11.');
  }
  const isWayland = session === 'wayland' || wayland !== '';
  if (display === '') {
    throw isWayland
      ? fault('no_screen', 'This Wayland session has no XWayland. Log in to an X11 (Xorg) session instead.')
      : fault('no_screen', 'There is no screen here: DISPLAY is not set. Start Proxim inside the graphical session.');
  }
  if (isWayland) {
    log.info('This is a Wayland session: only X programs are reached. Log in to an X11 (Xorg) session to reach all.');
  }
  return connectX11Input({ display, log, onLost, ...(onPanic ? { onPanic } : {}) });
};
