import type { WindowCommand, WindowState } from '../host/window-protocol.js';

/** The command for a new code of the kind that was last chosen. */
export const newSession = ({ nextSession }: WindowState): WindowCommand => {
  const { sessionType, ttlSeconds } = nextSession;
  return sessionType === 'temporary'
    ? { command: 'create', sessionType, ttlSeconds }
    : { command: 'create', sessionType };
};
