import { describe, expect, it } from 'vitest';

import { Notices } from '../../src/host/notices.js';
import { describeNotice } from '../../src/window/notice-text.js';

describe('what a phone does with the clipboard again and again', () => {
  it('is one line a row, with the time of the last', () => {
    let now = 0;
    const notices = new Notices(() => (now += 1000));
    notices.add('clipboard_read', 'Pixel');
    notices.add('clipboard_read', 'Pixel');
    notices.add('clipboard_read', 'Pixel');
    notices.add('clipboard_written', 'Pixel');
    notices.add('clipboard_read', 'iPhone');
    notices.add('clipboard_read', 'Pixel');
    expect(notices.all.map((_, index) => describeNotice(notices.all, index))).toEqual([
      'Pixel read the clipboard, 3 times',
      'Pixel wrote to the clipboard',
      'iPhone read the clipboard',
      'Pixel read the clipboard',
    ]);
    expect(notices.all[0]).toMatchObject({ at: 3000, times: 3 });
  });

  it('leaves every other line by itself', () => {
    const notices = new Notices(() => 0);
    notices.add('turned_away', 'Pixel', 'unverified');
    notices.add('turned_away', 'Pixel', 'unverified');
    expect(notices.all).toHaveLength(2);
  });
});
