import type { WindowNotice } from '../host/window-protocol.js';
import { lookUpReason } from './reasons.js';
import { texts } from './texts/en.js';

/** A session that ends so soon after its phone disconnected ended because of it. */
const togetherMs = 1000;

/** Whether a one-time session ended as it should: by its phone, which the app then closed it for. */
const isEndByPhone = (notice: WindowNotice, before: WindowNotice | undefined): boolean =>
  notice.kind === 'session_closed' &&
  notice.reason === 'closed_by_desktop' &&
  before?.kind === 'disconnected' &&
  before.deviceName === notice.deviceName &&
  notice.at - before.at < togetherMs;

/** One line of what happened, in words. */
export const describeNotice = (notices: readonly WindowNotice[], index: number): string => {
  const notice = notices[index];
  if (!notice) return '';
  const once = texts.log.lines[notice.kind](notice.deviceName, notice.action);
  const line = notice.times === undefined ? once : texts.log.times(once, notice.times);
  const reason = isEndByPhone(notice, notices[index - 1])
    ? texts.log.endedByPhone
    : lookUpReason(texts.log.reasons, notice.reason);
  return reason === null ? line : `${line}: ${reason}`;
};

/** Where the last line stands that is news, and not a code that comes or goes by itself; -1 when there is no line. */
export const lastNews = (notices: readonly WindowNotice[]): number => {
  const news = notices.findLastIndex(
    ({ kind, deviceName }) => kind !== 'session_created' && (kind !== 'session_closed' || deviceName !== null),
  );
  return news === -1 ? notices.length - 1 : news;
};
