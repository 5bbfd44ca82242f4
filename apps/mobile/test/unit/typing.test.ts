import { describe, expect, it } from 'vitest';

import { chunksOfText } from '../../src/control/graphemes.js';
import {
  emptyContent,
  emptyValue,
  readContent,
  sentinelLength,
  typedBetween,
  waitsForEnd,
} from '../../src/control/typing.js';

const typed = (before: string, after: string) =>
  typedBetween(readContent(emptyValue + before), readContent(emptyValue + after));

describe('the computer catches up with the field', () => {
  it('types what was added at the end', () => {
    expect(typed('', 'h')).toEqual({ erase: 0, insert: 'h' });
    expect(typed('hel', 'hello ')).toEqual({ erase: 0, insert: 'lo ' });
  });

  it('erases what was deleted', () => {
    expect(typed('hello', 'hell')).toEqual({ erase: 1, insert: '' });
    expect(typed('one two', 'one ')).toEqual({ erase: 3, insert: '' });
  });

  it('corrects a word that the keyboard has corrected', () => {
    expect(typed('I saw teh', 'I saw the')).toEqual({ erase: 2, insert: 'he' });
    expect(typed('cafe', 'café')).toEqual({ erase: 1, insert: 'é' });
  });

  it('erases an emoji with one Backspace, however many code points it has', () => {
    expect(typed('ok 👨‍👩‍👧‍👦', 'ok ')).toEqual({ erase: 1, insert: '' });
    expect(typed('👍', '👍🏽')).toEqual({ erase: 1, insert: '👍🏽' });
    expect(typed('', '🇩🇪')).toEqual({ erase: 0, insert: '🇩🇪' });
  });

  it('changes nothing when nothing has changed', () => {
    expect(typed('hello', 'hello')).toEqual({ erase: 0, insert: '' });
  });

  it('presses Backspace when there is nothing of its own to delete', () => {
    const after = readContent(emptyValue.slice(1));
    expect(typedBetween(emptyContent, after)).toEqual({ erase: 1, insert: '' });
    // Ctrl+Backspace takes all of the unseen characters, and means one.
    expect(typedBetween(emptyContent, readContent(''))).toEqual({ erase: 1, insert: '' });
  });

  it('presses no Backspace when everything was typed over', () => {
    expect(typedBetween(emptyContent, readContent('hello'))).toEqual({ erase: 0, insert: 'hello' });
    expect(typedBetween(readContent(`${emptyValue}old`), readContent('new'))).toEqual({ erase: 3, insert: 'new' });
  });

  it('does not mind where the caret was', () => {
    const before = readContent(`${emptyValue}ab`);
    expect(typedBetween(before, readContent(`${emptyValue}aXb`))).toEqual({ erase: 1, insert: 'Xb' });
    expect(readContent(`x${emptyValue}`)).toEqual({ sentinels: sentinelLength, text: 'x' });
  });
});

describe('a composition', () => {
  it('is sent letter by letter where it stays what it is', () => {
    expect(waitsForEnd('hel', 'en-GB')).toBe(false);
    expect(waitsForEnd('при', 'ru')).toBe(false);
    expect(waitsForEnd('việ', 'vi')).toBe(false);
  });

  it('is sent at its end where it becomes something else', () => {
    expect(waitsForEnd('にほ', 'en-US')).toBe(true);
    expect(waitsForEnd('한', 'de')).toBe(true);
    expect(waitsForEnd('nihao', 'zh-CN')).toBe(true);
    expect(waitsForEnd('', 'ja')).toBe(true);
  });
});

describe('a long text', () => {
  it('is cut between graphemes, into messages that the wire takes', () => {
    const text = '👨‍👩‍👧‍👦'.repeat(500);
    const chunks = chunksOfText(text);
    expect(chunks.join('')).toBe(text);
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) {
      expect(chunk.length).toBeLessThanOrEqual(1024);
      expect(chunk.startsWith('👨')).toBe(true);
    }
  });

  it('leaves out what no key types', () => {
    expect(chunksOfText('a\0b\uD83Dc')).toEqual(['abc']);
    expect(chunksOfText('')).toEqual([]);
  });
});
