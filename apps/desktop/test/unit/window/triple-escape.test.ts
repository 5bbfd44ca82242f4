import { describe, expect, it } from 'vitest';

import { type EscapePresses, pressEscape } from '../../../src/window/triple-escape.js';

const press = (...times: readonly number[]): { readonly presses: EscapePresses; readonly completed: number } => {
  let presses: EscapePresses = [];
  let completed = 0;
  for (const at of times) {
    const result = pressEscape(presses, at);
    presses = result.presses;
    if (result.isComplete) completed += 1;
  }
  return { presses, completed };
};

describe('Escape, three times', () => {
  it('ends at the third press within 1.5 s', () => {
    expect(press(0, 700, 1500)).toEqual({ presses: [], completed: 1 });
  });

  it('does not end when the third comes later', () => {
    expect(press(0, 700, 1501)).toEqual({ presses: [700, 1501], completed: 0 });
  });

  it('counts on from the presses that are still young enough', () => {
    expect(press(0, 1400, 1600, 1800).completed).toBe(1);
  });

  it('starts anew after it has ended', () => {
    expect(press(0, 100, 200, 300, 400)).toEqual({ presses: [300, 400], completed: 1 });
  });
});
