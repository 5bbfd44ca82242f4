import type { RejectedReason } from '../errors.js';
import type { ConnectionID } from '../ids.js';
import type { SessionType } from '../message.js';
import type { SessionEffect } from './effect.js';
import type { SessionEvent, SessionRules } from './event.js';
import type { LiveSession, OpenSession, SessionFacts, SessionState } from './state.js';
import { close, onCloseRequested } from './ending.js';
import { onConnectionEnded, onDesktopReturned, sessionCreated } from './presence.js';
import { endPrompt, onPairRequested, onPairResponded } from './prompting.js';
import { type EventOf, type Transition, connectionOf, refuse, stay } from './step.js';

/** When a session of this kind ends by itself, before it is paired; null for one that does not. */
const initialTtl = (sessionType: SessionType, ttlSeconds: number | undefined, rules: SessionRules): number | null => {
  switch (sessionType) {
    case 'temporary':
      return ttlSeconds ?? rules.sessionTtlSeconds;
    case 'one_time':
      return rules.sessionTtlSeconds;
    case 'persistent':
      return null;
    default:
      return sessionType satisfies never;
  }
};

/**
 * Opens a session for a desktop's `session_create`.
 *
 * @param creation `now` in milliseconds of the injected clock; `ttlSeconds` counts for `temporary` alone.
 */
export const openSession = (
  creation: {
    readonly now: number;
    readonly connection: ConnectionID;
    readonly facts: SessionFacts;
    readonly ttlSeconds: number | undefined;
  },
  rules: SessionRules,
): { readonly state: OpenSession; readonly effects: readonly SessionEffect[] } => {
  const { now, connection, facts } = creation;
  const ttl = initialTtl(facts.sessionType, creation.ttlSeconds, rules);
  const expiry = ttl === null ? null : { at: now + ttl * 1000, timer: 0 };
  const state: OpenSession = {
    status: 'open',
    facts,
    desktop: { presence: 'present', connection },
    expiry,
    nextTimer: 1,
    attempts: 0,
  };
  return {
    state,
    effects: [
      { type: 'seat', connection, role: 'desktop', known: false },
      ...(ttl === null ? [] : [{ type: 'start_timer', timer: 'expiry', generation: 0, seconds: ttl } as const]),
      { type: 'send', to: connection, message: sessionCreated(state, now, false) },
    ],
  };
};

/** The single truth about a session: what each event makes of each state. Pure: it knows no clock and no socket. */
export const transition = (state: SessionState, event: SessionEvent, rules: SessionRules): Transition => {
  if (state.status === 'closed') return stay(state);
  switch (event.type) {
    case 'desktop_returned':
      return onDesktopReturned(state, event);
    case 'pair_requested':
      return onPairRequested(state, event, rules);
    case 'pair_responded':
      return onPairResponded(state, event, rules);
    case 'signal_sent':
      return onSignalSent(state, event);
    case 'close_requested':
      return onCloseRequested(state, event);
    case 'connection_ended':
      return onConnectionEnded(state, event, rules);
    case 'timer_fired':
      return withoutStopOf(event, onTimerFired(state, event, rules));
    case 'server_stopping':
      return close(state, 'server_shutdown', 'server_shutdown', event.reconnectAfterSeconds);
    default:
      return event satisfies never;
  }
};

/**
 * Where a signal of this connection goes: to the other peer of a paired session. Undefined where it goes nowhere; then
 * {@link transition} says why.
 */
export const relayTarget = (state: SessionState, connection: ConnectionID): ConnectionID | undefined => {
  if (state.status !== 'paired') return undefined;
  if (connectionOf(state.desktop) === connection) return connectionOf(state.mobile);
  return connectionOf(state.mobile) === connection ? connectionOf(state.desktop) : undefined;
};

const onSignalSent = (state: LiveSession, event: EventOf<'signal_sent'>): Transition => {
  const { connection } = event;
  const to = relayTarget(state, connection);
  if (to !== undefined) return stay(state, { type: 'relay', to });
  const fromDesktop = connectionOf(state.desktop) === connection;
  const fromMobile = state.status !== 'open' && connectionOf(state.mobile) === connection;
  if (!fromDesktop && !fromMobile && !event.asked) {
    return refuse(state, connection, 'not_allowed', 'signal', 'This session belongs to others.');
  }
  if (state.status !== 'paired' || (!fromDesktop && !fromMobile)) {
    return refuse(state, connection, 'not_paired', 'signal', 'The request was not approved.');
  }
  return refuse(state, connection, 'peer_unavailable', 'signal', 'The other side is not connected just now.');
};

const onTimerFired = (state: LiveSession, event: EventOf<'timer_fired'>, rules: SessionRules): Transition => {
  switch (event.timer) {
    case 'prompt': {
      if (state.status !== 'prompting' || state.prompt.timer !== event.generation) return stay(state);
      const counts = state.desktop.presence === 'present';
      return endPrompt(state, { rejected: 'timeout' satisfies RejectedReason, counts, cancel: 'timeout' }, rules);
    }
    case 'grace':
      if (state.desktop.presence !== 'away' || state.desktop.timer !== event.generation) return stay(state);
      return close(state, 'desktop_lost', 'desktop_left');
    case 'expiry':
      if (state.expiry?.timer !== event.generation) return stay(state);
      return close(state, 'expired', 'expired');
    default:
      return event.timer satisfies never;
  }
};

/** A timer that has fired needs no stop. */
const withoutStopOf = (fired: EventOf<'timer_fired'>, { state, effects }: Transition): Transition => ({
  state,
  effects: effects.filter(
    (effect) => effect.type !== 'stop_timer' || effect.timer !== fired.timer || effect.generation !== fired.generation,
  ),
});
