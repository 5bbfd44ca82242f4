import { describe, expect, it } from 'vitest';

import type { WindowNotice } from '../../../src/host/window-protocol.js';
import { describeNotice, lastNews } from '../../../src/window/notice-text.js';

const notice = (
  at: number,
  kind: WindowNotice['kind'],
  deviceName: string | null = null,
  reason: string | null = null,
): WindowNotice => ({ at, kind, deviceName, reason });

describe('what happened', () => {
  it('says of a session’s end whose it was, and why', () => {
    expect(describeNotice([notice(1, 'session_closed', 'Pixel', 'expired')], 0)).toBe(
      'Session of Pixel ended: the time was up',
    );
    expect(describeNotice([notice(1, 'session_closed', null, 'closed_by_desktop')], 0)).toBe('Code ended: ended here');
  });

  it('says of a session for one time that its phone ended it', () => {
    const end = notice(2010, 'session_closed', 'Pixel', 'closed_by_desktop');
    expect(describeNotice([notice(2000, 'disconnected', 'Pixel'), end], 1)).toBe(
      'Session of Pixel ended: it disconnected',
    );
    expect(describeNotice([notice(1000, 'disconnected', 'Pixel'), end], 1)).toBe('Session of Pixel ended: ended here');
    expect(describeNotice([notice(2000, 'disconnected', 'Nokia'), end], 1)).toBe('Session of Pixel ended: ended here');
  });

  it('sums up by what is news: a code that comes or goes is none', () => {
    const codes = [notice(3, 'session_created'), notice(4, 'session_closed', null, 'closed_by_desktop')];
    expect(lastNews([notice(1, 'session_closed', 'Pixel', 'expired'), ...codes])).toBe(0);
    expect(lastNews(codes)).toBe(1);
    expect(lastNews([])).toBe(-1);
  });
});
