import type { ClipboardBackend } from '../clipboard-backend.js';
import { readSelection } from './read-selection.js';
import { openSelectionClient } from './selection-client.js';
import { SelectionOwner } from './selection-owner.js';

export interface X11ClipboardOptions {
  /** Which screen, as in the environment's DISPLAY: `:0`. */
  readonly display: string;
  /** The largest text that is read, in bytes of UTF-8. */
  readonly maxBytes: number;
  /** The X server has gone; called once at most, and not after `close`. */
  readonly onLost: () => void;
}

/**
 * Reads and writes the clipboard of an X11 screen, XWayland included, over a connection of its own.
 *
 * Rejects with a `ProximError` as the input's connection does.
 */
export const connectX11Clipboard = async (options: X11ClipboardOptions): Promise<ClipboardBackend> => {
  const { display, maxBytes, onLost } = options;
  let owner: SelectionOwner | undefined = undefined;
  const screen = await openSelectionClient(display, () => {
    owner?.stop();
    onLost();
  });
  const own = new SelectionOwner(screen);
  owner = own;
  return {
    read: async () => {
      const found = await own.look();
      if (found.owner === 'nobody') return { kind: 'empty' };
      return found.owner === 'self' ? { kind: 'text', text: found.text } : readSelection(screen, maxBytes);
    },
    write: (text) => own.take(text),
    close: async () => {
      // Where nothing keeps it, the text goes with Proxim, as it does with every program on X.
      await own.handOver().catch(() => undefined);
      await own.giveUp().catch(() => undefined);
      own.stop();
      screen.end();
    },
  };
};
