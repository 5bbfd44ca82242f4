import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import type { Clock } from '@proxim/protocol';

import type { Farewell } from './farewell.js';
import type { KeepAwake } from './keep-awake.js';
import type { KeptComputers } from './kept-computers.js';
import type { SessionStore } from './session-store.js';
import type { KeptText } from './storage.js';

/** What the screens share; made in the page's entry. */
export interface PageParts {
  readonly clock: Clock;
  /** The clock's time, for what counts down. */
  readonly now: () => number;
  /** Milliseconds since 1970, for what is weeks ago. */
  readonly wallClock: () => number;
  readonly session: SessionStore;
  readonly computers: KeptComputers;
  /** How the pad feels, as this phone's user likes it. */
  readonly keptPreferences: KeptText;
  /** What the computer said before it went. */
  readonly farewell: Farewell;
  readonly keepAwake: KeepAwake;
  /** This phone's name, as the user chose it. */
  readonly deviceName: Signal<string>;
  /** The name as it is sent, kept for the next time. */
  readonly settleDeviceName: () => string;
  /** Whether the page may use the camera, the clipboard and Wake Lock (a secure context). */
  readonly isSecure: boolean;
}

const Context = createContext<PageParts | undefined>(undefined);

export const PageProvider = Context.Provider;

export const usePage = (): PageParts => {
  const parts = useContext(Context);
  if (!parts) throw new Error('The screens are rendered within the page.');
  return parts;
};
