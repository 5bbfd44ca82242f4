import type { RejectedReason, SessionClosedReason } from '../errors.js';
import type { SessionEffect } from './effect.js';
import type { ClosedSession, LiveSession } from './state.js';
import { connectionOf, type EventOf, refuse, tell, type Transition } from './step.js';

/** Ends the session for all: a waiting mobile is rejected first, both hear why, every timer stops. */
export const close = (
  state: LiveSession,
  reason: SessionClosedReason,
  rejected: RejectedReason | null,
  reconnectAfterSeconds?: number,
): Transition => {
  const { sessionID } = state.facts;
  const effects: SessionEffect[] = [];
  if (state.status === 'prompting') {
    effects.push({ type: 'stop_timer', timer: 'prompt', generation: state.prompt.timer });
    if (rejected !== null) {
      effects.push(...tell(state.mobile, { type: 'pair_result', sessionID, status: 'rejected', reason: rejected }));
    }
  }
  if (state.desktop.presence === 'away') {
    effects.push({ type: 'stop_timer', timer: 'grace', generation: state.desktop.timer });
  }
  if (state.expiry) effects.push({ type: 'stop_timer', timer: 'expiry', generation: state.expiry.timer });
  const message = {
    type: 'session_closed',
    sessionID,
    reason,
    ...(reconnectAfterSeconds === undefined ? {} : { reconnectAfterSeconds }),
  } as const;
  if (state.status !== 'open') effects.push(...tell(state.mobile, message));
  effects.push(...tell(state.desktop, message), { type: 'forget' });
  const closed: ClosedSession = { status: 'closed', reason };
  return { state: closed, effects };
};

export const onCloseRequested = (state: LiveSession, event: EventOf<'close_requested'>): Transition => {
  if (connectionOf(state.desktop) !== event.connection) {
    return refuse(state, event.connection, 'not_allowed', 'session_close', 'This session belongs to another desktop.');
  }
  return close(state, 'closed_by_desktop', 'desktop_left');
};
