import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

// @ts-expect-error it is JavaScript, and has no types
import * as chart from './performance/chart.mjs';
// @ts-expect-error it is JavaScript, and has no types
import { withFigures as replaceFigures } from './performance/page.mjs';
// @ts-expect-error it is JavaScript, and has no types
import * as table from './performance/table.mjs';

interface Figure {
  readonly id: string;
  readonly what: string;
  readonly against: string;
  readonly unit: string;
  readonly ours: number;
  readonly theirs: number;
  readonly target?: number;
}

const { chartOf } = chart as { readonly chartOf: (figures: readonly Figure[]) => string };
const withFigures = replaceFigures as (text: string, written: string) => string;
const { summaryOf, tableOf } = table as Record<'summaryOf' | 'tableOf', (figures: readonly Figure[]) => string>;

const others = ['bare', 'peerjs', 'y-webrtc'];
const wanted = [
  ...['relay', 'relay-pressed', 'pairing', 'pairing-time'].flatMap((id) => others.map((name) => `${id}-${name}`)),
  ...['relay-p50', 'relay-p99', 'direct', 'direct-at-once', 'direct-median', 'idle'],
  ...['cluster-2', 'cluster-3', 'cluster-nats', 'cluster-2-p50', 'cluster-3-p50'],
  ...['growth-message-1', 'growth-message-2', 'growth-memory-1', 'growth-memory-2'],
];

it('every figure of what Proxim costs comes out of a short run', async () => {
  const file = fileURLToPath(new URL('performance.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, '--short', '--json']);
  const { facts, figures } = JSON.parse(stdout) as { readonly facts: unknown; readonly figures: readonly Figure[] };
  expect(figures.map(({ id }) => id).sort()).toEqual(wanted.sort());
  for (const { id, ours, theirs } of figures) {
    expect(Number.isFinite(ours), id).toBe(true);
    expect(Number.isFinite(theirs), id).toBe(true);
  }
  expect(facts).toContainEqual(['Node', process.version]);
}, 180_000);

const figure = (ours: number, target?: number): Figure => ({
  id: 'x',
  what: 'processor for a message',
  against: 'bare `ws`',
  unit: 'µs',
  ours,
  theirs: 10,
  ...(target === undefined ? {} : { target }),
});

it('a target that is missed is called missed, in the table, in the sentence and in the picture', () => {
  const figures = [figure(11.5, 1.15), figure(11.52, 1.15), figure(30)];
  expect(tableOf(figures).split('\n').slice(2)).toEqual([
    '| processor for a message | 11.5 µs | bare `ws` | 10.0 µs | 1.15 | ≤ 1.15 | met |',
    '| processor for a message | 11.5 µs | bare `ws` | 10.0 µs | 1.152 | ≤ 1.15 | **missed** |',
    '| processor for a message | 30.0 µs | bare `ws` | 10.0 µs | 3.00 |  |  |',
  ]);
  expect(summaryOf(figures)).toBe('1 of 2 targets were met, and 1 was **missed**.');
  const picture = chartOf(figures);
  expect(picture.match(/<rect [^>]*>/g)?.map((bar) => /class="(\w+)"/.exec(bar)?.[1])).toEqual(['met', 'missed']);
  expect(picture).toContain('1.152 of 1.15, missed');
});

it('what a run came to replaces what stood between the marks, and nothing else', () => {
  const [begin, end] = ['<!-- figures: written by npm run bench -->', '<!-- end of figures -->'];
  expect(withFigures(`before\n${begin}\nold\n${end}\nafter`, 'new')).toBe(`before\n${begin}\n\nnew\n\n${end}\nafter`);
  expect(() => withFigures('no marks', 'new')).toThrow();
});
