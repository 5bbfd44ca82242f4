import { ManualClock } from '@proxim/protocol/testing';
import { createSignalingServer } from '@proxim/signaling';
import { afterAll, beforeAll, describe } from 'vitest';

import { runConformance } from './src/suite.js';

const { PROXIM_URL: given, PROXIM_TOKEN: token } = process.env;

if (given === undefined) {
  describe("Proxim's own server", () => {
    const clock = new ManualClock();
    const server = createSignalingServer({
      clock,
      // Time passes in leaps here, and no ping can be answered in between.
      limits: {
        pairBurst: 10_000,
        requestBurst: 10_000,
        addressBurst: 100_000,
        heartbeatSeconds: 1_000_000,
        roleTimeoutSeconds: 1_000_000,
      },
      authorizeDesktop: (presented) => presented === 'of this run',
    });
    let url = '';
    beforeAll(async () => {
      const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
      url = `ws://127.0.0.1:${port}/signal`;
    });
    afterAll(() => server.close());
    runConformance({ url: () => url, token: 'of this run', pass: (seconds) => clock.advance(seconds * 1000) });
  });
} else {
  describe(given, () => {
    runConformance({ url: () => given, token });
  });
}
