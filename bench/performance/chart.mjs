// The figures that have a target, drawn by hand: a bar a figure, as long as the ratio, and a mark where the target is.
import { isMissed, ratioOf, ratioText } from './table.mjs';

const width = 800;
const textWidth = 400;
const barsWidth = 250;
const rowHeight = 34;
const top = 30;
const barHeight = 14;
/** Beyond this many times a bar is cut, and says so by its number alone. */
const mostTimes = 3;

const escape = (text) =>
  text.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Colours that are told apart in light and dark, by those who see no red and green as well; words say the same. */
const style = `
    text { font: 12px system-ui, sans-serif; fill: #1f2328; }
    .against { fill: #59636e; font-size: 11px; }
    .axis { stroke: #8c959f; stroke-dasharray: 2 3; }
    .met { fill: #0a6fb8; }
    .missed { fill: #c2550a; }
    .target { stroke: #1f2328; stroke-width: 2; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .against { fill: #9198a1; }
      .met { fill: #4ea8e8; }
      .missed { fill: #f0924c; }
      .target { stroke: #e6edf3; }
    }`;

/** An SVG of the figures that have a target. */
export const chartOf = (figures) => {
  const judged = figures.filter(({ target }) => target !== undefined);
  const height = top + judged.length * rowHeight + 26;
  const most = Math.min(mostTimes, Math.max(1.2, ...judged.map(ratioOf), ...judged.map(({ target }) => target)));
  const scale = barsWidth / most;
  const at = (ratio) => (textWidth + Math.min(ratio, most) * scale).toFixed(1);
  const rows = judged.map((figure, index) => {
    const y = top + index * rowHeight;
    const ratio = ratioOf(figure);
    const verdict = isMissed(figure) ? 'missed' : 'met';
    const end = Math.max(Number(at(ratio)), Number(at(figure.target)));
    return `
  <text x="${textWidth - 10}" y="${y + 10}" text-anchor="end">${escape(figure.what)}</text>
  <text x="${textWidth - 10}" y="${y + 24}" text-anchor="end" class="against">against ${escape(figure.against)}</text>
  <rect x="${textWidth}" y="${y + 5}" width="${(Number(at(ratio)) - textWidth).toFixed(1)}" height="${barHeight}" class="${verdict}"/>
  <line x1="${at(figure.target)}" y1="${y + 1}" x2="${at(figure.target)}" y2="${y + 23}" class="target"/>
  <text x="${(end + 8).toFixed(1)}" y="${y + 16}">${ratioText(figure)} of ${figure.target}, ${verdict}</text>`;
  });
  const label = 'Each measured cost as a multiple of what it is compared with, and the target.';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
  <style>${style}
  </style>
  <line x1="${at(1)}" y1="${top - 8}" x2="${at(1)}" y2="${height - 24}" class="axis"/>
  <text x="${at(1)}" y="${top - 14}" text-anchor="middle" class="against">the same</text>${rows.join('')}
  <text x="${textWidth}" y="${height - 8}" class="against">Shorter is better. The upright marks are the targets.</text>
</svg>
`;
};
