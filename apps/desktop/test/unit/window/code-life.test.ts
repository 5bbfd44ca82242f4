import { expect, it } from 'vitest';

import { codeLife } from '../../../src/window/code-life.js';

it('shows the time that is left as a clock does', () => {
  expect(codeLife(900)).toEqual({ kind: 'running', clock: '15:00' });
  expect(codeLife(61)).toEqual({ kind: 'running', clock: '1:01' });
  expect(codeLife(1)).toEqual({ kind: 'running', clock: '0:01' });
  expect(codeLife(28_799)).toEqual({ kind: 'running', clock: '7:59:59' });
});

it('is over at zero, and endless without an end', () => {
  expect(codeLife(0)).toEqual({ kind: 'over' });
  expect(codeLife(null)).toEqual({ kind: 'endless' });
});
