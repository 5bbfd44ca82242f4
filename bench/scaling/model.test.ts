import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

interface Random {
  readonly next: () => number;
}
interface Region {
  readonly desktops: number;
  readonly phones: number;
  readonly desktopsCame: number;
  readonly visits: number;
}
interface Day {
  readonly rows: readonly Readonly<Record<string, Region>>[];
  readonly regions: readonly string[];
  readonly zones: readonly {
    readonly installed: number;
    readonly desktops: number;
    readonly phones: readonly number[];
    readonly came: number;
    readonly went: number;
  }[];
}
type Assumptions = Readonly<Record<string, number>>;
interface Crowd {
  readonly backMs: Float64Array;
  readonly perSecond: readonly { readonly back: number; readonly waiting: number }[];
  readonly tooLate: number;
}
interface CrowdOptions {
  readonly count: number;
  readonly rateAt: (back: number) => number;
  readonly backlog: number;
  readonly reachableMs?: number;
  readonly notBeforeMs?: () => number;
}

const here = new URL('.', import.meta.url);
const load = async <Module>(name: string): Promise<Module> => (await import(new URL(name, here).href)) as Module;
const read = (name: string): Promise<string> => readFile(new URL(name, here), 'utf8');
const readJson = async (name: string): Promise<unknown> => JSON.parse(await read(name));

const { createRandom } = await load<{ createRandom: (seed: number) => Random }>('random.mjs');
const { liveDay, together } = await load<{
  liveDay: (given: Assumptions, random: Random) => Day;
  together: (rows: Day['rows'], regions: readonly string[]) => readonly Region[];
}>('day.mjs');
const { comeBack, backBy } = await load<{
  comeBack: (options: CrowdOptions, random: Random) => Crowd;
  backBy: (backMs: Float64Array, share: number) => number;
}>('comeback.mjs');
const { movesOf } = await load<{ movesOf: (nodes: number) => number }>('events.mjs');
const { answer, valuesOf } = await load<{
  answer: (options: object) => { readonly events: { readonly region: object }; readonly plan: object };
  valuesOf: (described: unknown) => Assumptions;
}>('model.mjs');
const { costTable, assumptionTable } = await load<{
  costTable: (described: unknown) => string;
  assumptionTable: (described: unknown) => string;
}>('tables.mjs');

const given = { ...valuesOf(await readJson('assumptions.json')), desktops: 20_000 };
const costs = valuesOf(((await readJson('costs.json')) as { costs: unknown }).costs);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a day of the fleet', () => {
  it('loses and doubles nobody', () => {
    const { zones } = liveDay(given, createRandom(1));
    for (const { installed, desktops, phones, came, went } of zones) {
      expect(desktops).toBeGreaterThan(0);
      expect(desktops).toBeLessThanOrEqual(installed);
      expect(came - went).toBe(phones.reduce((sum, count) => sum + count, 0));
    }
    expect(mean(zones.map(({ installed }) => installed)) * zones.length).toBeCloseTo(given['desktops'], -2);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(liveDay(given, createRandom(7))).toEqual(liveDay(given, createRandom(7)));
    expect(liveDay(given, createRandom(8))).not.toEqual(liveDay(given, createRandom(7)));
  });

  it('keeps Little’s law where no hour differs from another', () => {
    const level = { ...given, onAtNight: 1, onAtDay: 1, visitSwing: 0, oneTimeShare: 0, temporaryShare: 0 };
    const { rows, regions } = liveDay({ ...level, visitsPerDay: 60, persistentMinutes: 40 }, createRandom(3));
    const world = together(rows, regions);
    const perMinute = 60 * mean(world.map(({ visits }) => visits));
    const phones = mean(world.map(({ phones: count }) => count));
    // Whoever comes within a minute is counted for the whole of it: half a minute more.
    expect(phones / (perMinute * 40.5)).toBeCloseTo(1, 2);
  });
});

describe('those who come back', () => {
  it('are all there again, each once, however few can be taken', () => {
    const { backMs, perSecond } = comeBack({ count: 30_000, rateAt: () => 500, backlog: 1000 }, createRandom(1));
    expect(backMs.every(Number.isFinite)).toBe(true);
    let back = 0;
    for (const second of perSecond) {
      back += second.back;
      expect(back + second.waiting).toBe(30_000);
    }
    expect(back).toBe(30_000);
    // Nobody is faster than the rate.
    expect(backBy(backMs, 1)).toBeGreaterThanOrEqual(60);
  });

  it('are the same for the same seed', () => {
    const once = comeBack({ count: 5000, rateAt: () => 900, backlog: 900 }, createRandom(5));
    expect(comeBack({ count: 5000, rateAt: () => 900, backlog: 900 }, createRandom(5))).toEqual(once);
  });

  it('come in the upper half of the first wait where there is room for all', () => {
    const { backMs } = comeBack({ count: 20_000, rateAt: () => 1e9, backlog: 1e9 }, createRandom(2));
    expect(backMs.every((ms) => ms >= 125 && ms <= 300)).toBe(true);
  });

  it('take as long as the queue does where all of them may wait in it', () => {
    const { backMs } = comeBack({ count: 10_000, rateAt: () => 2000, backlog: 1e9 }, createRandom(2));
    expect(backBy(backMs, 1)).toBeGreaterThan(5);
    expect(backBy(backMs, 1)).toBeLessThan(5.35);
  });

  it('waste the work where more may wait than any of them waits for', () => {
    const { tooLate, backMs } = comeBack({ count: 20_000, rateAt: () => 1000, backlog: 1e9 }, createRandom(2));
    expect(tooLate).toBeGreaterThan(0);
    expect(backBy(backMs, 1)).toBeGreaterThan(20);
  });

  it('come over the time that they were told, and not before anybody answers', () => {
    const random = createRandom(4);
    const told = comeBack(
      { count: 20_000, rateAt: () => 1e9, backlog: 1e9, notBeforeMs: () => 30_000 * random.next() },
      random,
    );
    expect(backBy(told.backMs, 0.5)).toBeCloseTo(15, 0);
    const dark = comeBack({ count: 2000, rateAt: () => 1e9, backlog: 1e9, reachableMs: 30_000 }, createRandom(4));
    expect(dark.backMs.every((ms) => ms >= 30_000)).toBe(true);
  });

  it('are moved e - 1 times by an upgrade of many nodes, and twice at most by one of two', () => {
    expect(movesOf(500)).toBeCloseTo(Math.E - 1, 2);
    expect(movesOf(2)).toBe(1.5);
  });
});

describe('the inputs', () => {
  it.each([
    ['signaling-connection.ts', ['pingEveryMs', 'pongWithinMs', 'openWithinMs']],
    ['mobile-seat.ts', ['askAgainMs', 'askAgainAtLeisureMs']],
    ['return-window.ts', ['windowMs']],
  ])('say of the peers what %s does', async (file, names) => {
    const source = await read(`../../packages/peer/src/common/${file}`);
    const constants = await load<Readonly<Record<string, number>>>('peer-constants.mjs');
    for (const name of names) {
      const digits = new RegExp(`^const ${name} = ([\\d_]+);$`, 'm').exec(source)?.[1];
      expect(constants[name], name).toBe(Number(digits?.replaceAll('_', '')));
    }
  });

  it('stand in docs/scaling.md as they are', async () => {
    const page = (await read('../../docs/scaling.md')).replaceAll(/ +/g, ' ').replaceAll(/-{3,}:?/g, '-');
    for (const table of [
      costTable(await readJson('costs.json')),
      assumptionTable(await readJson('assumptions.json')),
    ]) {
      for (const line of table
        .replaceAll(/ +/g, ' ')
        .replaceAll(/-{3,}:?/g, '-')
        .split('\n'))
        expect(page).toContain(line);
    }
  });

  it('lead to one answer for one seed, and to more processes where a desktop costs more', () => {
    const ask = (more: number, seed = 1): { readonly processes: number; readonly answer: object } => {
      const found = answer({
        costs: { ...costs, desktopBytes: (costs['desktopBytes'] ?? 0) * more },
        given: { ...given, desktops: 1_000_000 },
        seed,
        sample: 50,
      });
      const plan = Object.values(found.plan) as readonly { readonly nodes: number }[];
      return { processes: plan.reduce((sum, { nodes }) => sum + nodes, 0), answer: found.events.region };
    };
    expect(ask(1)).toEqual(ask(1));
    expect(ask(2).processes).toBeGreaterThan(ask(1).processes);
  });
});
