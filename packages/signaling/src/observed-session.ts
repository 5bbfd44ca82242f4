import type { SessionEvent, SessionState } from '@proxim/protocol';

import type { PairingResult, ServerObserver } from './observer.js';

/** The reasons that a desktop gives and that are known; any other is its own, and could be any word. */
const resultOfReason = (reason: string | undefined): PairingResult => {
  switch (reason) {
    case undefined:
    case 'rejected_by_user':
      return 'rejected_by_user';
    case 'unverified':
    case 'blocked':
      return reason;
    default:
      return 'other';
  }
};

/** What an event that ended a prompt made of the request. */
const resultOf = (event: SessionEvent, before: SessionState & { readonly status: 'prompting' }): PairingResult => {
  switch (event.type) {
    case 'pair_responded':
      return event.approved ? 'approved' : resultOfReason(event.reason);
    case 'timer_fired':
      if (event.timer === 'expiry') return 'expired';
      return event.timer === 'prompt' ? 'timeout' : 'desktop_left';
    case 'connection_ended': {
      const { mobile } = before;
      const isMobile = mobile.presence === 'present' && mobile.connection === event.connection;
      return isMobile ? 'cancelled' : 'desktop_left';
    }
    case 'server_stopping':
      return 'server_shutdown';
    case 'close_requested':
    case 'desktop_returned':
    case 'pair_requested':
    case 'signal_sent':
      return 'desktop_left';
    default:
      return event satisfies never;
  }
};

/**
 * Tells the observer what an event made of a session.
 *
 * @param time `now` and when the request came, in milliseconds of the same clock
 */
export const tellTransition = (
  observer: ServerObserver,
  {
    before,
    event,
    after,
  }: { readonly before: SessionState; readonly event: SessionEvent; readonly after: SessionState },
  time: { readonly now: number; readonly askedAt: number },
): void => {
  if (before.status === after.status || before.status === 'closed') return;
  if (before.status === 'prompting') observer.pairingEnded(resultOf(event, before), time.now - time.askedAt);
  if (after.status === 'prompting') observer.pairingAsked();
  if (after.status === 'closed') observer.sessionClosed(before.status, after.reason);
  else observer.sessionChanged(before.status, after.status);
};
