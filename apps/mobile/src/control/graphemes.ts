const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter() : undefined;

/** What a reader takes for single characters: an emoji of a family is one of them. */
export const graphemesOf = (text: string): readonly string[] =>
  segmenter ? Array.from(segmenter.segment(text), ({ segment }) => segment) : Array.from(text);

const halves = /\p{Cs}/gu;

/** Longest text of one message, in UTF-16 units: less than the wire allows, and a message that is soon there. */
const maxChunk = 1024;

/** Cuts a text for its messages, never inside a grapheme (unless that is longer than a message). NUL and halves of characters type nothing. */
export const chunksOfText = (text: string): readonly string[] => {
  const chunks: string[] = [];
  let chunk = '';
  for (const grapheme of graphemesOf(text.replaceAll(halves, '').replaceAll('\0', ''))) {
    if (chunk !== '' && chunk.length + grapheme.length > maxChunk) {
      chunks.push(chunk);
      chunk = '';
    }
    chunk += grapheme;
  }
  return chunk === '' ? chunks : [...chunks, chunk];
};
