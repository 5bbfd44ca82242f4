import type { SessionEffect } from './effect.js';
import type { SessionRules } from './event.js';
import type { LiveSession, PairedSession, PromptingSession } from './state.js';
import { endPrompt, pairPrompt } from './prompting.js';
import {
  connectionOf,
  type EventOf,
  expiresInSeconds,
  isSameToken,
  refuse,
  stay,
  tell,
  type Transition,
} from './step.js';
import { close } from './ending.js';

export const sessionCreated = (state: LiveSession, now: number, resumed: boolean) =>
  ({
    type: 'session_created',
    sessionID: state.facts.sessionID,
    uuid: state.facts.uuid,
    sessionType: state.facts.sessionType,
    expiresInSeconds: expiresInSeconds(state, now),
    resumed,
  }) as const;

export const onDesktopReturned = (state: LiveSession, event: EventOf<'desktop_returned'>): Transition => {
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

export const onConnectionEnded = (
  state: LiveSession,
  event: EventOf<'connection_ended'>,
  rules: SessionRules,
): Transition => {
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
