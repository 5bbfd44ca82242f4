import type { ErrorCode } from '../errors.js';
import { equalInConstantTime } from '../constant-time.js';
import type { ConnectionID, PeerToken } from '../ids.js';
import type { ClientMessage } from '../message.js';
import type { SessionEffect } from './effect.js';
import type { SessionEvent } from './event.js';
import type { DesktopSeat, LiveSession, MobileSeat, SessionState } from './state.js';

/** The next state, and what the runtime has to do for it, in order. */
export interface Transition {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

export const stay = (state: SessionState, ...effects: SessionEffect[]): Transition => ({ state, effects });

export const secondsUntil = (at: number, now: number): number => Math.max(0, Math.ceil((at - now) / 1000));

export const expiresInSeconds = (state: Pick<LiveSession, 'expiry'>, now: number): number | null =>
  state.expiry ? secondsUntil(state.expiry.at, now) : null;

export const connectionOf = (seat: DesktopSeat | MobileSeat): ConnectionID | undefined =>
  seat.presence === 'present' ? seat.connection : undefined;

export const isSameToken = (known: PeerToken | null, given: PeerToken | undefined): boolean =>
  known !== null && given !== undefined && equalInConstantTime(known, given);

export const refuse = (
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
export const tell = (
  seat: DesktopSeat | MobileSeat,
  message: Extract<SessionEffect, { type: 'send' }>['message'],
): SessionEffect[] => (seat.presence === 'present' ? [{ type: 'send', to: seat.connection, message }] : []);
