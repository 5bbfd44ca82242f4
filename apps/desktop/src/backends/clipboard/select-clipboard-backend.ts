import { maxClipboardBytes } from '@proxim/control';

import type { ConnectClipboard } from './clipboard-backend.js';

export interface SelectClipboardBackendOptions {
  /** The environment that Proxim was started in: `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As `process.platform`. */
  readonly platform: string;
}

/** How to reach this computer's clipboard; null when it has none that Proxim knows. Nothing is loaded before. */
export const selectClipboardBackend = ({ env, platform }: SelectClipboardBackendOptions): ConnectClipboard | null => {
  const { DISPLAY: display = '' } = env;
  // As for the pointer: on these, DISPLAY is at best that of an X server in a window.
  if (platform === 'darwin' || platform === 'win32' || display === '') return null;
  return async (onLost) => {
    const { connectX11Clipboard } = await import('./x11/x11-clipboard.js');
    return connectX11Clipboard({ display, maxBytes: maxClipboardBytes, onLost });
  };
};
