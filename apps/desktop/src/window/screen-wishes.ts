import type { WindowScreen } from '../host/screen-protocol.js';
import type { WindowState } from '../host/window-protocol.js';
import type { HostStatus } from './host-connection.js';
import type { Phone } from './phones.js';

/** A phone that sees the screen, or asks to. */
export interface ScreenWish {
  readonly phone: Phone;
  readonly screen: WindowScreen;
}

/** All wishes, in the order of the sessions. */
export const wishesOf = (phones: readonly Phone[]): readonly ScreenWish[] =>
  phones.flatMap((phone) => (phone.session.screen ? [{ phone, screen: phone.session.screen }] : []));

/** The wish that the user is asked about: one at a time, the oldest session's first. */
export const firstAsked = (phones: readonly Phone[]): ScreenWish | undefined =>
  wishesOf(phones).find(({ screen }) => screen.step === 'asked');

/**
 * The shares that a window may go on with. Without the app nobody can tell what a phone may, or take it back: then none.
 */
export const sharesToKeep = (status: HostStatus, state: WindowState | null): ReadonlySet<number> => {
  if (status !== 'open' || state === null) return new Set();
  const kept = state.sessions.filter(({ rights, isPaused }) => rights.view && !isPaused);
  return new Set(kept.flatMap(({ screen }) => (screen ? [screen.share] : [])));
};
