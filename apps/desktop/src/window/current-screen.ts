import type { WindowPrompt, WindowSession, WindowState } from '../host/window-protocol.js';
import type { HostStatus } from './host-connection.js';

export type Device = NonNullable<WindowSession['device']>;

/** A session that a phone was approved for. */
export interface PairedSession {
  readonly session: WindowSession;
  readonly device: Device;
}

/** The one thing that the window shows. */
export type Screen =
  | { readonly name: 'starting' }
  | { readonly name: 'ended' }
  | { readonly name: 'refused' }
  | { readonly name: 'request'; readonly session: WindowSession; readonly prompt: WindowPrompt }
  /** Somebody controls the computer, or is about to. */
  | { readonly name: 'control'; readonly active: readonly PairedSession[] }
  | { readonly name: 'code'; readonly session: WindowSession | null };

/** Sessions of phones that hold, open or try to regain a direct connection. */
export const activeSessions = (state: WindowState): readonly PairedSession[] =>
  paired(state).filter(({ session }) => session.direct !== 'closed');

/** Sessions of phones that are away, and may come back without asking. */
export const awaySessions = (state: WindowState): readonly PairedSession[] =>
  paired(state).filter(({ session }) => session.direct === 'closed');

const paired = (state: WindowState): readonly PairedSession[] =>
  state.sessions.flatMap((session) => (session.device ? [{ session, device: session.device }] : []));

/** The session whose code can still be scanned: the newest without a phone. */
export const openSession = (state: WindowState): WindowSession | null =>
  state.sessions.findLast((session) => session.device === null) ?? null;

/**
 * What to show: a question before everything, then whoever is connected, then the code.
 *
 * @param wantsCode whether the user asked for a code although somebody is connected
 */
export const currentScreen = (status: HostStatus, state: WindowState | null, wantsCode: boolean): Screen => {
  if (status === 'ended' || status === 'refused') return { name: status };
  if (state === null) return { name: 'starting' };
  for (const session of state.sessions) {
    if (session.prompt) return { name: 'request', session, prompt: session.prompt };
  }
  const active = activeSessions(state);
  if (active.length > 0 && !wantsCode) return { name: 'control', active };
  return { name: 'code', session: openSession(state) };
};
