import { describe, expect, it } from 'vitest';

import { keysOf, pickNumber } from '../../src/cli/terminal-keys.js';

describe('the keys in what a terminal sent', () => {
  it('are the plain ones, also when several came at once', () => {
    expect(keysOf('a')).toEqual(['a']);
    expect(keysOf('x1')).toEqual(['x', '1']);
  });

  it('are none where an arrow was pressed or a text was pasted', () => {
    expect(keysOf('\u001B[A')).toEqual([]);
    expect(keysOf('approve')).toEqual([]);
  });
});

describe('a number, key by key', () => {
  it.each([
    ['', '3', 9, { kind: 'chosen', number: 3 }],
    ['', '3', 12, { kind: 'chosen', number: 3 }],
    ['', '1', 12, { kind: 'partial', digits: '1' }],
    ['1', '2', 12, { kind: 'chosen', number: 12 }],
    ['1', '\r', 12, { kind: 'chosen', number: 1 }],
    ['1', '3', 12, { kind: 'none' }],
    ['', '4', 3, { kind: 'none' }],
    ['', '0', 3, { kind: 'none' }],
    ['', 'q', 3, { kind: 'none' }],
    ['', '\r', 3, { kind: 'none' }],
  ])('after "%s", %j of %i is %j', (digits, key, last, picked) => {
    expect(pickNumber(digits, key, last)).toEqual(picked);
  });
});
