import type { SessionControl } from './session-control.js';

/** What the app knows of a session besides what its peer does. */
export interface SessionExtras {
  /** The link that was shown last; undefined until the server knows the session. */
  announced: string | undefined;
  /** The names of the device that asked last, and of the one that was let in. */
  askedBy: string | null;
  approved: string | null;
  readonly control: SessionControl;
  isPaused: boolean;
  connectedSince: number | null;
  /** Whether the phone went on purpose: then it is away, and not lost. */
  hasLeft: boolean;
}

export const newExtras = (control: SessionControl, approved: string | null = null): SessionExtras => ({
  announced: undefined,
  askedBy: null,
  approved,
  control,
  isPaused: false,
  connectedSince: null,
  hasLeft: false,
});
