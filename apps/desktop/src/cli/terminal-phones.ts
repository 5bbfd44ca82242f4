import type { WindowSession } from '../host/window-protocol.js';
import { harmless } from './terminal-text.js';
import { phoneLine, phoneStateText } from './texts.js';

/** A phone that was let in, with what the terminal calls it. */
export interface ListedPhone {
  readonly sessionID: string;
  readonly name: string;
  readonly line: string;
}

/** What the user calls the session's phone, else what it calls itself; null before one was let in. */
export const phoneName = ({ device, label }: Pick<WindowSession, 'device' | 'label'>): string | null =>
  device ? harmless(label ?? device.name) : null;

/** Every phone that was let in, numbered from 1. @param now Unix milliseconds */
export const listPhones = (sessions: readonly WindowSession[], now: number): readonly ListedPhone[] =>
  sessions
    .flatMap((session) => {
      const name = phoneName(session);
      return name === null || !session.device ? [] : [{ session, name, ownName: harmless(session.device.name) }];
    })
    .map(({ session, name, ownName }, index) => {
      const { sessionID, sessionType, expiresAt, direct, lastSeenAt, isRemembered } = session;
      const state = phoneStateText({
        direct,
        seenSecondsAgo: lastSeenAt === null ? null : (now - lastSeenAt) / 1000,
        sessionType,
        secondsLeft: expiresAt === null ? null : (expiresAt - now) / 1000,
        isRemembered,
      });
      const called = name === ownName ? name : `${name} (${ownName})`;
      return { sessionID, name, line: phoneLine(index + 1, called, state) };
    });
