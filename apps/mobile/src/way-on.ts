import type { MobileEnd } from '@proxim/peer';
import type { IconNode } from '@proxim/ui';
import { CircleSlash, Clock, ShieldAlert, Unplug, WifiOff } from 'lucide';

/** What helps after an end: asking again with the same code, or a new code. */
export type WayOn = 'ask' | 'scan';

/** Each end's way on, and its picture. */
export const wayOn: Readonly<Record<MobileEnd, readonly [WayOn, IconNode]>> = {
  rejected_by_user: ['ask', CircleSlash],
  timeout: ['ask', Clock],
  desktop_left: ['scan', Unplug],
  expired: ['scan', Clock],
  closed_by_desktop: ['scan', Unplug],
  desktop_lost: ['scan', Unplug],
  server_shutdown: ['scan', Unplug],
  too_many_attempts: ['scan', CircleSlash],
  unverified: ['scan', CircleSlash],
  blocked: ['scan', CircleSlash],
  rejected: ['scan', CircleSlash],
  session_not_found: ['scan', Clock],
  session_busy: ['ask', Clock],
  desktop_away: ['ask', WifiOff],
  rate_limited: ['ask', Clock],
  capacity: ['ask', Clock],
  unreachable: ['ask', WifiOff],
  replaced: ['ask', Unplug],
  forged: ['scan', ShieldAlert],
  refused: ['scan', CircleSlash],
  no_direct_path: ['ask', WifiOff],
  left: ['ask', Unplug],
};
