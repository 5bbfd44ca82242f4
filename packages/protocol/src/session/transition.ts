import type { ErrorCode, RejectedReason, SessionClosedReason } from '../errors.js';
import { equalInConstantTime } from '../constant-time.js';
import type { ConnectionID, PeerToken } from '../ids.js';
import type { ClientMessage, SessionType } from '../message.js';
import type { SessionEffect } from './effect.js';
import type { SessionEvent, SessionRules } from './event.js';
import type {
  ClosedSession,
  DesktopSeat,
  LiveSession,
  MobileSeat,
  OpenSession,
  PairedSession,
  PromptingSession,
  SessionFacts,
  SessionState,
} from './state.js';

/** The next state, and what the runtime has to do for it, in order. */
export interface Transition {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

const stay = (state: SessionState, ...effects: SessionEffect[]): Transition => ({ state, effects });

const secondsUntil = (at: number, now: number): number => Math.max(0, Math.ceil((at - now) / 1000));

const expiresInSeconds = (state: Pick<LiveSession, 'expiry'>, now: number): number | null =>
  state.expiry ? secondsUntil(state.expiry.at, now) : null;

const connectionOf = (seat: DesktopSeat | MobileSeat): ConnectionID | undefined =>
  seat.presence === 'present' ? seat.connection : undefined;

const isSameToken = (known: PeerToken | null, given: PeerToken | undefined): boolean =>
  known !== null && given !== undefined && equalInConstantTime(known, given);

const refuse = (
  state: LiveSession,
  to: ConnectionID,
  code: ErrorCode,
  replyTo: ClientMessage['type'],
  message: string,
): Transition =>
  stay(state, {
    type: 'send',
    to,
    message: { type: 'error', code, message, replyTo, sessionID: state.facts.sessionID },
  });

/** Messages to a seat that may be empty: nothing is sent to the absent, their next request tells them all. */
const tell = (
  seat: DesktopSeat | MobileSeat,
  message: Extract<SessionEffect, { type: 'send' }>['message'],
): SessionEffect[] => (seat.presence === 'present' ? [{ type: 'send', to: seat.connection, message }] : []);

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

const sessionCreated = (state: LiveSession, now: number, resumed: boolean) =>
  ({
    type: 'session_created',
    sessionID: state.facts.sessionID,
    uuid: state.facts.uuid,
    sessionType: state.facts.sessionType,
    expiresInSeconds: expiresInSeconds(state, now),
    resumed,
  }) as const;

const pairPrompt = (state: PromptingSession, now: number) =>
  ({
    type: 'pair_prompt',
    sessionID: state.facts.sessionID,
    deviceInfo: state.prompt.deviceInfo,
    promptID: state.prompt.promptID,
    timeoutSeconds: secondsUntil(state.prompt.expiresAt, now),
    ...(state.prompt.auth === undefined ? {} : { auth: state.prompt.auth }),
  }) as const;

const onDesktopReturned = (state: LiveSession, event: EventOf<'desktop_returned'>): Transition => {
  const { connection, now } = event;
  if (!isSameToken(state.facts.desktopToken, event.token)) {
    return refuse(state, connection, 'session_exists', 'session_create', 'A session of this name is alive.');
  }
  const { desktop } = state;
  const effects: SessionEffect[] = [{ type: 'seat', connection, role: 'desktop', known: true }];
  if (desktop.presence === 'away') effects.push({ type: 'stop_timer', timer: 'grace', generation: desktop.timer });
  else if (desktop.connection !== connection) effects.push({ type: 'replace', connection: desktop.connection });

  const next: LiveSession = { ...state, desktop: { presence: 'present', connection } };
  effects.push({ type: 'send', to: connection, message: sessionCreated(next, now, true) });
  if (next.status === 'prompting') {
    effects.push({ type: 'send', to: connection, message: pairPrompt(next, now) });
  }
  if (next.status === 'paired') {
    const { sessionID } = next.facts;
    effects.push({
      type: 'send',
      to: connection,
      message: {
        type: 'peer_state',
        sessionID,
        state: next.mobile.presence === 'present' ? 'connected' : next.mobile.presence,
      },
    });
    effects.push(...tell(next.mobile, { type: 'peer_state', sessionID, state: 'connected' }));
  }
  return { state: next, effects };
};

const onPairRequested = (state: LiveSession, event: EventOf<'pair_requested'>, rules: SessionRules): Transition => {
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

const onPairResponded = (state: LiveSession, event: EventOf<'pair_responded'>, rules: SessionRules): Transition => {
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

const endPrompt = (state: PromptingSession, end: PromptEnd, rules: SessionRules): Transition => {
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

const onSignalSent = (state: LiveSession, event: EventOf<'signal_sent'>): Transition => {
  const { connection } = event;
  const fromDesktop = connectionOf(state.desktop) === connection;
  const fromMobile = state.status !== 'open' && connectionOf(state.mobile) === connection;
  if (!fromDesktop && !fromMobile && !event.asked) {
    return refuse(state, connection, 'not_allowed', 'signal', 'This session belongs to others.');
  }
  if (state.status !== 'paired' || (!fromDesktop && !fromMobile)) {
    return refuse(state, connection, 'not_paired', 'signal', 'The request was not approved.');
  }
  const to = connectionOf(fromDesktop ? state.mobile : state.desktop);
  if (to === undefined) {
    return refuse(state, connection, 'peer_unavailable', 'signal', 'The other side is not connected just now.');
  }
  return stay(state, { type: 'relay', to });
};

const onCloseRequested = (state: LiveSession, event: EventOf<'close_requested'>): Transition => {
  if (connectionOf(state.desktop) !== event.connection) {
    return refuse(state, event.connection, 'not_allowed', 'session_close', 'This session belongs to another desktop.');
  }
  return close(state, 'closed_by_desktop', 'desktop_left');
};

const onConnectionEnded = (state: LiveSession, event: EventOf<'connection_ended'>, rules: SessionRules): Transition => {
  if (connectionOf(state.desktop) === event.connection) return onDesktopGone(state, event, rules);
  if (state.status !== 'open' && connectionOf(state.mobile) === event.connection) {
    return state.status === 'prompting' ? onWaitingMobileGone(state, event, rules) : onPairedMobileGone(state, event);
  }
  // A connection that was replaced, or was never seated.
  return stay(state);
};

const onDesktopGone = (state: LiveSession, event: EventOf<'connection_ended'>, rules: SessionRules): Transition => {
  if (event.end === 'left' || state.facts.desktopToken === null) {
    const closed = close(state, event.end === 'left' ? 'closed_by_desktop' : 'desktop_lost', 'desktop_left');
    const effects = closed.effects.filter((effect) => effect.type !== 'send' || effect.to !== event.connection);
    return { state: closed.state, effects };
  }
  const next = away(state);
  const effects: SessionEffect[] = [
    { type: 'start_timer', timer: 'grace', generation: state.nextTimer, seconds: rules.desktopGraceSeconds },
  ];
  if (next.status === 'paired') {
    effects.push(...tell(next.mobile, { type: 'peer_state', sessionID: next.facts.sessionID, state: 'lost' }));
  }
  return { state: next, effects };
};

const away = (state: LiveSession): LiveSession => ({
  ...state,
  desktop: { presence: 'away', timer: state.nextTimer },
  nextTimer: state.nextTimer + 1,
});

const onWaitingMobileGone = (
  state: PromptingSession,
  event: EventOf<'connection_ended'>,
  rules: SessionRules,
): Transition => {
  if (event.end === 'lost' && state.mobile.token !== null) {
    return stay({ ...state, mobile: { presence: 'lost', token: state.mobile.token } });
  }
  const gone: PromptingSession = { ...state, mobile: { presence: event.end, token: state.mobile.token } };
  return endPrompt(gone, { rejected: null, counts: true, cancel: 'mobile_left' }, rules);
};

const onPairedMobileGone = (state: PairedSession, event: EventOf<'connection_ended'>): Transition =>
  stay(
    { ...state, mobile: { presence: event.end, token: state.mobile.token } },
    ...tell(state.desktop, { type: 'peer_state', sessionID: state.facts.sessionID, state: event.end }),
  );

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

/** Ends the session for all: a waiting mobile is rejected first, both hear why, every timer stops. */
const close = (
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
