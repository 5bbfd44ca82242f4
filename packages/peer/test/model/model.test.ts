import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { play } from './play.js';
import { scenarios } from './steps.js';

const { env } = process;
/** Of `npm run model`: how many runs; and, to see one again, the seed and the path that a failure has printed. */
const runs = env['PROXIM_MODEL_RUNS'] === undefined ? undefined : Number(env['PROXIM_MODEL_RUNS']);
const again = {
  ...(env['PROXIM_MODEL_SEED'] === undefined ? {} : { seed: Number(env['PROXIM_MODEL_SEED']) }),
  ...(env['PROXIM_MODEL_PATH'] === undefined ? {} : { path: env['PROXIM_MODEL_PATH'] }),
};
const shortRuns = 400;
const shortMs = 15_000;

describe('whatever happens to a server, a desktop and its phones', () => {
  it(
    '[SG10] [CB14] [PA12] one phone in control, nobody is asked in vain, it ends or comes back, and nothing is left',
    async () => {
      const sums = { runs: 0, steps: 0, frames: 0, connected: 0 };
      await fc.assert(
        fc.asyncProperty(scenarios, async (scenario) => {
          const { steps, frames, wasConnected } = await play(scenario);
          sums.runs += 1;
          sums.steps += steps;
          sums.frames += frames;
          sums.connected += wasConnected ? 1 : 0;
        }),
        {
          ...again,
          ...(runs === undefined ? { numRuns: shortRuns, interruptAfterTimeLimit: shortMs } : { numRuns: runs }),
        },
      );
      if (runs !== undefined) console.log(sums);
      // The walks went somewhere.
      expect(sums.connected).toBeGreaterThan(sums.runs / 3);
    },
    runs === undefined ? 60_000 : 24 * 3_600_000,
  );
});
