import type { WindowPrompt, WindowSession, WindowState, WindowSystemQuestion } from '../host/window-protocol.js';
import type { HostStatus } from './host-connection.js';
import { activePhones, type Phone } from './phones.js';

/** The one thing that the window shows. */
export type Screen =
  | { readonly name: 'starting' }
  | { readonly name: 'ended' }
  | { readonly name: 'refused' }
  | { readonly name: 'request'; readonly session: WindowSession; readonly prompt: WindowPrompt }
  /** A phone wants to restart this computer, or to shut it down. */
  | { readonly name: 'system'; readonly question: WindowSystemQuestion; readonly deviceName: string }
  /** Somebody controls the computer, or is about to. */
  | { readonly name: 'control'; readonly active: readonly Phone[] }
  | { readonly name: 'code'; readonly session: WindowSession | null };

/** The session whose code can still be scanned: the newest without a phone. */
export const openSession = (state: WindowState): WindowSession | null =>
  state.sessions.findLast((session) => session.device === null) ?? null;

/**
 * What to show: a question before everything (the one with less time first), then whoever is connected, then the code.
 *
 * @param phones those of `state`
 * @param wantsCode whether the user asked for a code although somebody is connected
 */
export const currentScreen = (
  status: HostStatus,
  state: WindowState | null,
  phones: readonly Phone[],
  wantsCode: boolean,
): Screen => {
  if (status === 'ended' || status === 'refused') return { name: status };
  if (state === null) return { name: 'starting' };
  const { systemQuestion: question } = state;
  const asking = question && phones.find(({ session }) => session.sessionID === question.sessionID);
  if (question && asking) return { name: 'system', question, deviceName: asking.name };
  for (const session of state.sessions) {
    if (session.prompt) return { name: 'request', session, prompt: session.prompt };
  }
  const active = activePhones(phones);
  if (active.length > 0 && !wantsCode) return { name: 'control', active };
  return { name: 'code', session: openSession(state) };
};
