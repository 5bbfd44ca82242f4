import type { PeerToken } from '@proxim/protocol';

/** Why it is over, for a sentence to the user each. */
export type MobileEnd =
  | 'rejected_by_user'
  | 'timeout'
  | 'desktop_left'
  | 'expired'
  | 'closed_by_desktop'
  | 'desktop_lost'
  | 'server_shutdown'
  | 'too_many_attempts'
  | 'unverified'
  | 'blocked'
  | 'rejected'
  | 'session_not_found'
  | 'session_busy'
  | 'desktop_away'
  | 'rate_limited'
  | 'capacity'
  | 'unreachable'
  | 'replaced'
  | 'forged'
  | 'refused'
  | 'no_direct_path'
  | 'left';

/** Why a phone is looking for its computer: for a sentence to the user each. */
export type MobileSearch =
  /** The connection is gone, and nobody said why. */
  | 'lost'
  /** Proxim was closed on the computer, which remembers this phone and lets it in when it is opened again. */
  | 'closed'
  /** The computer went to sleep. */
  | 'asleep';

/** How far the phone is on its way. Times in milliseconds of the environment's clock. */
export type MobileState =
  | { readonly status: 'idle' }
  /** Reaching the computer. */
  | { readonly status: 'reaching' }
  /** The computer's user is asked. */
  | { readonly status: 'waiting'; readonly until: number }
  /** Approved: the direct connection is being made. */
  | { readonly status: 'connecting' }
  | { readonly status: 'connected'; readonly expiresAt: number | null }
  /** It was connected, and is coming back by itself. */
  | { readonly status: 'reconnecting'; readonly why: MobileSearch }
  | { readonly status: 'ended'; readonly reason: MobileEnd };

/**
 * What the user is told when a search finds nothing: what was said before is nearer to the truth than what is found now.
 *
 * @param found what the search ended with
 */
export const endOfSearch = (why: MobileSearch, found: MobileEnd): MobileEnd => {
  const isVague =
    found === 'unreachable' || found === 'desktop_away' || found === 'desktop_lost' || found === 'session_not_found';
  if (!isVague || why === 'lost') return found;
  return why === 'closed' ? 'server_shutdown' : 'desktop_away';
};

/** What a phone keeps while a session lives, so that a reload comes back. */
export interface MobileMemory {
  readonly peerToken: PeerToken;
  /** `d`, once the computer has handed it over. */
  readonly deviceSecret: Uint8Array | undefined;
  /** Whether the computer's user has approved this phone in this session. */
  readonly wasApproved: boolean;
}

const knownRejections: readonly MobileEnd[] = [
  'rejected_by_user',
  'timeout',
  'desktop_left',
  'expired',
  'server_shutdown',
  'unverified',
  'blocked',
];

/** What the user is told of a `pair_result` that rejects. */
export const endOfRejection = (reason: string | undefined): MobileEnd =>
  knownRejections.find((known) => known === reason) ?? (reason === undefined ? 'rejected_by_user' : 'rejected');
