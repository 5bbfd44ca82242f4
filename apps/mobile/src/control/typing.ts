import { graphemesOf } from './graphemes.js';

/**
 * The field always holds this many characters that nobody sees, in front of what was typed: without something to delete,
 * Android's keyboards do not say that Backspace was pressed.
 */
export const sentinelLength = 32;
const sentinel = '\u200B';
export const emptyValue = sentinel.repeat(sentinelLength);

/** Below this many, new ones are put in: not at each Backspace, which would break its repetition while it is held. */
export const fewSentinels = 8;

/** What the field holds: the unseen characters, and what was typed since it was emptied. */
export interface FieldContent {
  readonly sentinels: number;
  readonly text: string;
}

export const emptyContent: FieldContent = { sentinels: sentinelLength, text: '' };

export const readContent = (value: string): FieldContent => {
  const text = value.replaceAll(sentinel, '');
  return { sentinels: value.length - text.length, text };
};

/** What the computer is to do so that it shows what the field shows: Backspace so many times, then this text. */
export interface Typed {
  readonly erase: number;
  readonly insert: string;
}

/**
 * Compares what the field held with what it holds. It does not matter how it came about: by a key, by a word that the
 * keyboard proposes or corrects, by a gesture, by dictation.
 */
export const typedBetween = (before: FieldContent, after: FieldContent): Typed => {
  const old = graphemesOf(before.text);
  const now = graphemesOf(after.text);
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
  const insert = now.slice(same).join('');
  const erase = old.length - same;
  // With nothing typed that could be deleted, Backspace took an unseen character. Whoever types over all that is
  // selected takes them too, and means no Backspace.
  const isBackspace = erase === 0 && insert === '' && after.sentinels < before.sentinels;
  return { erase: isBackspace ? 1 : erase, insert };
};

const composedScripts =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}]/u;
const composedLanguages = /^(?:zh|ja|ko|yue|ii)\b/i;

/**
 * Whether a composition is sent when it has ended and not as it grows: one that will be turned into other characters.
 * Android's keyboards compose each word of every language; those go letter by letter.
 *
 * @param language of the phone: with a Chinese one, the Latin letters of a composition are pinyin
 */
export const waitsForEnd = (composing: string, language: string): boolean =>
  composedScripts.test(composing) || composedLanguages.test(language);
