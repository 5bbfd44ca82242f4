// Writes what a run came to into docs/performance.md, between its marks, and the picture beside it.
import { readFileSync, writeFileSync } from 'node:fs';

import { chartOf } from './chart.mjs';
import { floorOf, listOf, summaryOf, tableOf } from './table.mjs';

const begin = '<!-- figures: written by npm run bench -->';
const end = '<!-- end of figures -->';
const page = new URL('../../docs/performance.md', import.meta.url);
const picture = new URL('../../docs/images/performance.svg', import.meta.url);

/** What stands between the marks. */
const figuresText = ({ facts, figures, minutes }) =>
  `${summaryOf(figures)}\n\n` +
  '![Each figure that has a target, as a bar](images/performance.svg)\n\n' +
  `${tableOf(figures)}\n\n${floorOf(figures)}\n\nThe run took ${minutes.toFixed(0)} minutes on:\n\n${listOf(facts)}`;

/** The page with this text between its marks. @throws when it has no marks */
export const withFigures = (text, written) => {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error('docs/performance.md has lost its marks.');
  return `${text.slice(0, from + begin.length)}\n\n${written}\n\n${text.slice(to)}`;
};

/** Writes page and picture; the page is formatted as the whole repository is. */
export const writePage = async (run) => {
  const { format } = await import('prettier');
  const written = withFigures(readFileSync(page, 'utf8'), figuresText(run));
  writeFileSync(page, await format(written, { parser: 'markdown', printWidth: 120, singleQuote: true }));
  writeFileSync(picture, chartOf(run.figures));
};
