/** The most that a name of the user's may have, in code points. */
const longestName = 64;

/** What could disguise a name, or break the line that it stands in. */
const forbidden = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** What somebody types as a phone's name, cut where it grows too long: between two characters as people count them. */
export const limitName = (text: string): string => {
  const clean = text.replace(forbidden, '');
  let kept = '';
  let length = 0;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(clean)) {
    length += Array.from(segment).length;
    if (length > longestName) break;
    kept += segment;
  }
  return kept;
};

/** The name to send: empty, or as the phone's own, gives the phone its own name back. */
export const chosenName = (text: string, ownName: string): string => {
  const name = limitName(text).trim();
  return name === ownName ? '' : name;
};
