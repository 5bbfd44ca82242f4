import type { MobileEnd } from '@proxim/peer';
import type { IconNode } from '@proxim/ui';
import { CircleSlash, Clock, ShieldAlert, Unplug, WifiOff } from 'lucide';

/** What helps after an end: asking again with the same code, connecting again without being asked for, or a new code. */
export type WayOn = 'ask' | 'again' | 'scan';

/** Each end's way on, and its picture. */
export const waysOn: Readonly<Record<MobileEnd, readonly [WayOn, IconNode]>> = {
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
  replaced: ['again', Unplug],
  forged: ['scan', ShieldAlert],
  refused: ['scan', CircleSlash],
  no_direct_path: ['again', WifiOff],
  left: ['again', Unplug],
};

/** Ends that a session until it is removed outlives: the same connection works again, and nobody has to approve it. */
export const outlived = [
  'desktop_left',
  'desktop_lost',
  'server_shutdown',
  'session_not_found',
  'session_busy',
  'desktop_away',
  'rate_limited',
  'capacity',
  'unreachable',
] as const satisfies readonly MobileEnd[];

/** Ends that may mean no more than that the phone slept in a pocket, or was out of reach. */
const passing: ReadonlySet<MobileEnd> = new Set(['unreachable', 'desktop_away', 'desktop_lost', 'server_shutdown']);

/** Whether it is worth another try by itself, once the phone is awake or has a network again. */
export const mayPass = (reason: MobileEnd): boolean => passing.has(reason);

/** @param isLasting whether the session lasts until it is removed */
export const wayOn = (reason: MobileEnd, isLasting: boolean): WayOn =>
  isLasting && outlived.some((outlivedReason) => outlivedReason === reason) ? 'again' : waysOn[reason][0];

/** Whether a tab in which a session ended so can still go back to it. */
export const canComeBack = (reason: MobileEnd, isLasting: boolean): boolean =>
  reason !== 'replaced' && (mayPass(reason) || wayOn(reason, isLasting) !== 'scan');
