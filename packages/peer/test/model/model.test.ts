import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { play } from './play.js';
import { regressions } from './regressions.js';
import { type Scenario, scenarios, shortTroubles } from './steps.js';

const { env } = process;
/** Of `npm run model`: how many runs; and, to see one again, the seed and the path that a failure has printed. */
const long = env['PROXIM_MODEL_RUNS'] === undefined ? undefined : Number(env['PROXIM_MODEL_RUNS']);
const again = {
  ...(env['PROXIM_MODEL_SEED'] === undefined ? {} : { seed: Number(env['PROXIM_MODEL_SEED']) }),
  ...(env['PROXIM_MODEL_PATH'] === undefined ? {} : { path: env['PROXIM_MODEL_PATH'] }),
};
const testTimeoutMs = long === undefined ? 60_000 : 24 * 3_600_000;

/** Plays scenarios until there were enough, or the time of a short run is over. */
const playAll = async (
  all: fc.Arbitrary<Scenario>,
  how: { readonly isSurvived: boolean; readonly shortRuns: number; readonly shortMs: number },
): Promise<{ readonly runs: number; readonly steps: number; readonly frames: number; readonly connected: number }> => {
  const sums = { runs: 0, steps: 0, frames: 0, connected: 0 };
  const limits =
    long === undefined ? { numRuns: how.shortRuns, interruptAfterTimeLimit: how.shortMs } : { numRuns: long };
  await fc.assert(
    fc.asyncProperty(all, async (scenario) => {
      const { steps, frames, wasConnected } = await play(scenario, how);
      sums.runs += 1;
      sums.steps += steps;
      sums.frames += frames;
      sums.connected += wasConnected ? 1 : 0;
    }),
    { ...limits, ...again },
  );
  if (long !== undefined) console.log(sums);
  return sums;
};

describe('whatever happens to a server, a desktop and its phones', () => {
  it(
    '[SG10] [CB14] [PA12] one phone in control, nobody is asked in vain, it ends or comes back, and nothing is left',
    async () => {
      const { runs, connected } = await playAll(scenarios, { isSurvived: false, shortRuns: 1000, shortMs: 12_000 });
      // The walks went somewhere.
      if (again.path === undefined) expect(connected).toBeGreaterThan(runs / 3);
    },
    testTimeoutMs,
  );

  it(
    '[CB14] [CB15] a connection survives a trouble that is over within half a minute',
    async () => {
      await playAll(shortTroubles, { isSurvived: true, shortRuns: 600, shortMs: 5000 });
    },
    testTimeoutMs,
  );

  it.each(Object.entries(regressions))('%s', async (_name, scenario) => {
    await expect(play(scenario)).resolves.toHaveProperty('steps', scenario.steps.length);
  });
});
