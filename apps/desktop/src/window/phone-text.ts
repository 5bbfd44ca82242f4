import type { Phone } from './phones.js';
import { texts } from './texts/en.js';
import { formatMoment } from './time-text.js';

/** How a phone stands, as its row says it. @param now Unix milliseconds */
export const phoneState = ({ session, presence }: Phone, now: number): string =>
  presence === 'away' && session.lastSeenAt !== null
    ? texts.phones.lastSeen(formatMoment(session.lastSeenAt, now))
    : texts.phones.states[presence];

/** How long a phone may come back without asking. @param now Unix milliseconds */
export const phoneStay = ({ session }: Phone, now: number): string => {
  const { stays } = texts.phones;
  switch (session.sessionType) {
    case 'one_time':
      return stays.whileConnected;
    case 'temporary':
      return session.expiresAt === null ? stays.thisRun : stays.until(formatMoment(session.expiresAt, now));
    case 'persistent':
      return session.isRemembered ? stays.remembered : stays.thisRun;
    default:
      session.sessionType satisfies never;
      return '';
  }
};
