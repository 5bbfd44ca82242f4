// Small line charts as SVG, legible on light and on dark.
const width = 640;
const height = 260;
const [left, right, top, bottom] = [56, 16, 34, 40];

const style = `<style>
  text { font: 12px system-ui, sans-serif; fill: #333 } .grid { stroke: #ddd } .line { fill: none; stroke-width: 2 }
  .c0 { stroke: #0b62c4 } .c1 { stroke: #b3450b } .c2 { stroke: #1d7a3a } .c3 { stroke: #555; stroke-dasharray: 5 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .grid { stroke: #444 }
    .c0 { stroke: #6cb2ff } .c1 { stroke: #ff9d66 } .c2 { stroke: #66d08a } .c3 { stroke: #aaa }
  }
</style>`;

/** 1, 2 or 5 times a power of ten, some four of which make `most`. */
const stepOf = (most) => {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => most / step <= 5);
};

/**
 * @param lines `name` and `points` of `[x, y]` each
 * @param ticks where the x axis is labelled: `[x, text]`
 */
export const plot = ({ title, lines, ticks, unit, show }) => {
  const all = lines.flatMap(({ points }) => points);
  const mostX = Math.max(...all.map(([x]) => x));
  const mostY = Math.max(...all.map(([, y]) => y)) * 1.05;
  const toX = (x) => (left + (x / mostX) * (width - left - right)).toFixed(1);
  const toY = (y) => (height - bottom - (y / mostY) * (height - top - bottom)).toFixed(1);
  const step = stepOf(mostY);
  const rows = Array.from({ length: Math.floor(mostY / step) + 1 }, (_, index) => index * step);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`,
    style,
    `<text x="${left}" y="16" font-weight="600">${title}</text>`,
    ...rows.flatMap((y) => [
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${toY(y)}" y2="${toY(y)}"/>`,
      `<text x="${left - 6}" y="${Number(toY(y)) + 4}" text-anchor="end">${show(y)}</text>`,
    ]),
    ...ticks.map(([x, text]) => `<text x="${toX(x)}" y="${height - bottom + 18}" text-anchor="middle">${text}</text>`),
    `<text x="${width - right}" y="${height - 6}" text-anchor="end">${unit}</text>`,
    ...lines.flatMap(({ name, points }, index) => {
      const at = left + index * 150;
      return [
        `<polyline class="line c${index}" points="${points.map(([x, y]) => `${toX(x)},${toY(y)}`).join(' ')}"/>`,
        `<line class="line c${index}" x1="${at}" x2="${at + 18}" y1="${height - 10}" y2="${height - 10}"/>`,
        `<text x="${at + 23}" y="${height - 6}">${name}</text>`,
      ];
    }),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
};
