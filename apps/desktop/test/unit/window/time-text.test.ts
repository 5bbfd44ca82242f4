import { expect, it } from 'vitest';

import { secondsSince } from '../../../src/window/seconds-since.js';
import { formatMoment } from '../../../src/window/time-text.js';

const hour = 3_600_000;
const day = 24 * hour;

it('says of a moment no more than it takes to know it', () => {
  const now = new Date(2026, 5, 15, 12, 0).getTime();
  expect(formatMoment(now + 4 * hour, now)).toBe('16:00');
  expect(formatMoment(now - 2 * day, now)).toMatch(/^\S{3,4} 12:00$/);
  expect(formatMoment(now - 20 * day, now)).toMatch(/26.*12:00$/);
  expect(formatMoment(now - 300 * day, now)).toMatch(/2025/);
});

it('counts whole seconds, and none before the moment', () => {
  expect(secondsSince(1000, 2999)).toBe(1);
  expect(secondsSince(1000, 500)).toBe(0);
});
