import { abilities, type ControlRights } from '@proxim/control';
import { ProximError } from '@proxim/protocol';

import type { DesktopApp } from './desktop-app.js';

/** Whether these rights allow anything that those before did not. */
export const allowsMore = (before: ControlRights, after: ControlRights): boolean =>
  abilities.some((ability) => after[ability] && !before[ability]);

/**
 * What is pressed in Proxim's own window or terminal while a phone presses buttons or keys may be that phone's doing: it
 * ends and takes away, but grants nothing.
 *
 * @throws ProximError `pressed_by_phone`
 */
export const checkUsersOwnHand = (app: Pick<DesktopApp, 'isPhonePressing'>): void => {
  if (!app.isPhonePressing) return;
  throw new ProximError(
    'pressed_by_phone',
    'A phone is pressing buttons or keys just now. Let it rest, and use this computer’s own mouse or keyboard.',
  );
};
