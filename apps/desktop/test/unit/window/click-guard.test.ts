import { expect, it } from 'vitest';

import { guardMs, mayAnswer } from '../../../src/window/click-guard.js';

it('takes no answer before the question was to be seen for 300 ms', () => {
  expect(guardMs).toBe(300);
  expect(mayAnswer(1000, 1000)).toBe(false);
  expect(mayAnswer(1000, 1299)).toBe(false);
  expect(mayAnswer(1000, 1300)).toBe(true);
});

it('takes no click that happened before the question, however late it is handled', () => {
  expect(mayAnswer(1000, 990)).toBe(false);
});
