import { describe, expect, it } from 'vitest';

import { parseMinutes } from '../../../src/window/custom-duration.js';

describe('minutes of one’s own', () => {
  it.each([
    ['1', 60],
    [' 90 ', 5400],
    ['007', 420],
    ['33333', 1_999_980],
  ])('reads %j', (text, seconds) => {
    expect(parseMinutes(text)).toBe(seconds);
  });

  it.each(['', ' ', '0', '00', '-5', '1.5', '1e3', '0x10', '5 min', '٣', '33334', '9'.repeat(400)])(
    'refuses %j',
    (text) => {
      expect(parseMinutes(text)).toBeNull();
    },
  );
});
