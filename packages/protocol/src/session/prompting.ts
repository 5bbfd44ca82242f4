import type { SessionEffect } from './effect.js';
import type { SessionRules } from './event.js';
import type { LiveSession, MobileSeat, OpenSession, PairedSession, PromptingSession } from './state.js';
import {
  connectionOf,
  type EventOf,
  expiresInSeconds,
  isSameToken,
  refuse,
  secondsUntil,
  tell,
  type Transition,
} from './step.js';
import { close } from './ending.js';

export const pairPrompt = (state: PromptingSession, now: number) =>
  ({
    type: 'pair_prompt',
    sessionID: state.facts.sessionID,
    deviceInfo: state.prompt.deviceInfo,
    promptID: state.prompt.promptID,
    timeoutSeconds: secondsUntil(state.prompt.expiresAt, now),
    ...(state.prompt.auth === undefined ? {} : { auth: state.prompt.auth }),
  }) as const;

export const onPairRequested = (
  state: LiveSession,
  event: EventOf<'pair_requested'>,
  rules: SessionRules,
): Transition => {
  if (event.limited && (state.status === 'open' || !isMobileOf(state, event))) {
    return refuse(state, event.connection, 'rate_limited', 'pair_request', 'Too many requests from this address.');
  }
  switch (state.status) {
    case 'open':
      return startPrompt(state, event, rules);
    case 'prompting':
      return isMobileOf(state, event) ? takeOverWait(state, event) : refuseBusy(state, event);
    case 'paired':
      return isMobileOf(state, event) ? resumeMobile(state, event) : refuseBusy(state, event);
    default:
      return state satisfies never;
  }
};

/** The seated mobile is known by its token; one that asks twice over one socket is the same as well. */
const isMobileOf = (state: PromptingSession | PairedSession, event: EventOf<'pair_requested'>): boolean =>
  connectionOf(state.mobile) === event.connection || isSameToken(state.mobile.token, event.token);

const refuseBusy = (state: LiveSession, event: EventOf<'pair_requested'>): Transition =>
  refuse(state, event.connection, 'session_busy', 'pair_request', 'Another phone is asking or was approved.');

const startPrompt = (state: OpenSession, event: EventOf<'pair_requested'>, rules: SessionRules): Transition => {
  const { connection, now } = event;
  if (state.desktop.presence === 'away') {
    return refuse(state, connection, 'peer_unavailable', 'pair_request', 'The computer is not connected just now.');
  }
  const timer = state.nextTimer;
  const seconds = rules.pairingTimeoutSeconds;
  const next: PromptingSession = {
    status: 'prompting',
    facts: state.facts,
    desktop: state.desktop,
    expiry: state.expiry,
    attempts: state.attempts,
    nextTimer: timer + 1,
    prompt: {
      promptID: event.promptID,
      deviceInfo: event.deviceInfo,
      auth: event.auth,
      expiresAt: now + seconds * 1000,
      timer,
    },
    mobile: { presence: 'present', connection, token: event.token ?? null },
  };
  return {
    state: next,
    effects: [
      { type: 'seat', connection, role: 'mobile', known: false },
      { type: 'start_timer', timer: 'prompt', generation: timer, seconds },
      { type: 'send', to: state.desktop.connection, message: pairPrompt(next, now) },
    ],
  };
};

/** The mobile's seat, taken by `event`'s connection, and the old socket that has to go. */
const reseatMobile = (
  mobile: MobileSeat,
  event: EventOf<'pair_requested'>,
): { mobile: MobileSeat; effects: SessionEffect[] } => {
  const { connection } = event;
  const previous = connectionOf(mobile);
  return {
    mobile: { presence: 'present', connection, token: mobile.token ?? event.token ?? null },
    effects: [
      { type: 'seat', connection, role: 'mobile', known: true },
      ...(previous !== undefined && previous !== connection
        ? [{ type: 'replace', connection: previous } as const]
        : []),
    ],
  };
};

const takeOverWait = (state: PromptingSession, event: EventOf<'pair_requested'>): Transition => {
  const { mobile, effects } = reseatMobile(state.mobile, event);
  return { state: { ...state, mobile }, effects };
};

const resumeMobile = (state: PairedSession, event: EventOf<'pair_requested'>): Transition => {
  const { mobile, effects } = reseatMobile(state.mobile, event);
  const { sessionID } = state.facts;
  effects.push({
    type: 'send',
    to: event.connection,
    message: {
      type: 'pair_result',
      sessionID,
      status: 'approved',
      resumed: true,
      expiresInSeconds: expiresInSeconds(state, event.now),
    },
  });
  if (state.desktop.presence === 'away') {
    effects.push({ type: 'send', to: event.connection, message: { type: 'peer_state', sessionID, state: 'lost' } });
  }
  effects.push(...tell(state.desktop, { type: 'peer_state', sessionID, state: 'connected' }));
  return { state: { ...state, mobile }, effects };
};

export const onPairResponded = (
  state: LiveSession,
  event: EventOf<'pair_responded'>,
  rules: SessionRules,
): Transition => {
  const { connection } = event;
  if (connectionOf(state.desktop) !== connection) {
    return refuse(state, connection, 'not_allowed', 'pair_response', 'This session belongs to another desktop.');
  }
  if (state.status !== 'prompting') {
    return refuse(state, connection, 'not_paired', 'pair_response', 'No request waits for an answer.');
  }
  if (event.promptID !== undefined && event.promptID !== state.prompt.promptID) {
    return refuse(state, connection, 'not_paired', 'pair_response', 'That request is over.');
  }
  if (event.approved) return approve(state, event);
  const counts = event.reason === undefined;
  return endPrompt(state, { rejected: event.reason ?? 'rejected_by_user', counts, cancel: null }, rules);
};

const approve = (state: PromptingSession, event: EventOf<'pair_responded'>): Transition => {
  const { sessionID, sessionType } = state.facts;
  // A one-time session had until now to be paired; from here on it lives as long as its direct connection.
  const endsByTime = sessionType !== 'one_time';
  const expiry = endsByTime ? state.expiry : null;
  const next: PairedSession = {
    status: 'paired',
    facts: state.facts,
    desktop: state.desktop,
    expiry,
    nextTimer: state.nextTimer,
    mobile: state.mobile,
  };
  const effects: SessionEffect[] = [{ type: 'stop_timer', timer: 'prompt', generation: state.prompt.timer }];
  if (state.expiry && !expiry) {
    effects.push({ type: 'stop_timer', timer: 'expiry', generation: state.expiry.timer });
  }
  effects.push(
    ...tell(state.mobile, {
      type: 'pair_result',
      sessionID,
      status: 'approved',
      expiresInSeconds: expiresInSeconds(next, event.now),
    }),
  );
  if (state.mobile.presence !== 'present') {
    effects.push(...tell(state.desktop, { type: 'peer_state', sessionID, state: state.mobile.presence }));
  }
  return { state: next, effects };
};

/** How a prompt ends without approval: what the mobile hears, whether it counts, what the desktop hears. */
interface PromptEnd {
  readonly rejected: string | null;
  readonly counts: boolean;
  readonly cancel: 'timeout' | 'mobile_left' | null;
}

export const endPrompt = (state: PromptingSession, end: PromptEnd, rules: SessionRules): Transition => {
  const { sessionID } = state.facts;
  const attempts = state.attempts + (end.counts ? 1 : 0);
  const effects: SessionEffect[] = [{ type: 'stop_timer', timer: 'prompt', generation: state.prompt.timer }];
  if (end.rejected !== null) {
    effects.push(...tell(state.mobile, { type: 'pair_result', sessionID, status: 'rejected', reason: end.rejected }));
  }
  if (end.cancel !== null) {
    effects.push(
      ...tell(state.desktop, {
        type: 'pair_cancel',
        sessionID,
        promptID: state.prompt.promptID,
        reason: end.cancel,
      }),
    );
  }
  const next: OpenSession = {
    status: 'open',
    facts: state.facts,
    desktop: state.desktop,
    expiry: state.expiry,
    nextTimer: state.nextTimer,
    attempts,
  };
  if (attempts < rules.maxAttempts) return { state: next, effects };
  const closed = close(next, 'too_many_attempts', null);
  const toMobile = tell(state.mobile, { type: 'session_closed', sessionID, reason: 'too_many_attempts' });
  return { state: closed.state, effects: [...effects, ...toMobile, ...closed.effects] };
};
