import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BothSides, type Phone } from '../stage/both-sides.js';
import { settle } from '../stage/settle.js';

/** A page that comes back to the session of the one before it, which has ended or not. */
const openPage = (stage: BothSides, leave: (before: Phone) => void): void => {
  const before = stage.phones.at(-1);
  const [session] = stage.desktop.sessions;
  if (!before || !session || before.status === 'ended') return;
  leave(before);
  stage.phone(session.sessionID, before.memory()).peer.ask();
};

/** What may happen to two peers that are connected, in any order. */
const faults = {
  'the phone loses its socket': (stage: BothSides) => {
    stage.relay.dropSockets('phone');
  },
  'the desktop loses its socket': (stage: BothSides) => {
    stage.relay.dropSockets('desktop');
  },
  'the server crashes': (stage: BothSides) => {
    stage.relay.kill();
  },
  'the server shuts down': (stage: BothSides) => {
    stage.relay.shutDown();
  },
  'the server is back': (stage: BothSides) => {
    stage.relay.restart();
  },
  'the radio is gone': (stage: BothSides) => {
    stage.network.cut();
  },
  'the radio is back': (stage: BothSides) => {
    stage.network.mend();
  },
  'the direct connection fails': (stage: BothSides) => {
    stage.network.fail();
  },
  'no direct connection opens': (stage: BothSides) => {
    stage.network.isReachable = false;
  },
  'direct connections open': (stage: BothSides) => {
    stage.network.isReachable = true;
  },
  'the page is reloaded': (stage: BothSides) => {
    openPage(stage, (before) => {
      before.die();
    });
  },
  'the page is opened in a second tab': (stage: BothSides) => {
    openPage(stage, () => undefined);
  },
  'the page wakes up': (stage: BothSides) => {
    stage.phones.at(-1)?.peer.wake();
  },
} as const;

type Fault = keyof typeof faults;
const names = Object.keys(faults) as Fault[];
const steps = fc.array(
  fc.record({ fault: fc.constantFrom(...names), ms: fc.constantFrom(0, 100, 700, 3000, 8000, 25_000, 70_000) }),
  {
    minLength: 1,
    maxLength: 12,
  },
);

/** What holds at every moment, whatever has happened. */
const checkMoment = (stage: BothSides): void => {
  // One direct connection counts; a second one lives for as long as it takes to swap them, on the computer and on each page.
  expect(stage.network.open.length).toBeLessThanOrEqual(1);
  const answering = stage.network.alive.filter(({ isAnswering }) => isAnswering).length;
  expect(answering).toBeLessThanOrEqual(2);
  const pages = stage.phones.filter(({ isDead }) => !isDead).length;
  expect(stage.network.alive.length - answering).toBeLessThanOrEqual(2 * pages);
  // Nobody is asked who has not asked: this phone asked once, and holds the device secret since.
  expect(stage.prompts()).toHaveLength(1);
  expect(stage.turnedAway()).toEqual([]);
  expect(stage.emitted('error')).toEqual([]);
  if (stage.desktop.sessions.length === 0) expect(stage.network.open).toEqual([]);
  for (const phone of stage.phones) {
    if (phone.status === 'ended') expect(phone.channels.every((channel) => !channel.send('late'))).toBe(true);
  }
};

const isSettled = ({ status }: Phone): boolean => status === 'connected' || status === 'ended';

describe('whatever happens to two peers that are connected', () => {
  it('[SG10] [CB14] [CB15] one direct connection counts, nobody is asked anew, and it ends or comes back', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (scenario) => {
        const stage = new BothSides();
        const { sessionID } = await stage.connected({ sessionType: 'persistent' });
        for (const { fault, ms } of scenario) {
          faults[fault](stage);
          await stage.pass(ms, 1000);
          checkMoment(stage);
        }
        // The world is mended: within the time for a return everybody is back, or has given up before.
        stage.relay.restart();
        stage.network.mend();
        stage.network.isReachable = true;
        await stage.pass(90_000, 1000);
        checkMoment(stage);
        const living = stage.phones.filter(({ isDead }) => !isDead);
        expect(living.every(isSettled)).toBe(true);
        const [back, ...others] = living.filter(({ status }) => status === 'connected');
        expect(others).toEqual([]);
        expect(stage.view(sessionID)?.directState === 'connected').toBe(back !== undefined);
        expect(stage.network.open).toHaveLength(back ? 1 : 0);
        if (back) expect(back.channels.at(-1)?.send('on')).toBe(true);

        stage.desktop.stop();
        await settle();
        for (const { peer } of stage.phones) peer.leave();
        await settle();
        expect(stage.clock.pendingTimers).toBe(0);
        expect(stage.network.alive).toEqual([]);
      }),
      { numRuns: 150, interruptAfterTimeLimit: 12_000 },
    );
  });

  it('[EX4] [EX8] a one-time session never outlives its first disconnect', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (scenario) => {
        const stage = new BothSides();
        await stage.connected({ sessionType: 'one_time' });
        for (const { fault, ms } of scenario) {
          faults[fault](stage);
          await stage.pass(ms, 1000);
          const states = stage.emitted('direct').map(({ state }) => state);
          if (states.includes('disconnected')) expect(stage.desktop.sessions).toEqual([]);
        }
        stage.desktop.stop();
        for (const { peer } of stage.phones) peer.leave();
        await settle();
        // Without a radio, a page that was replaced waits that long for its connection to be swapped.
        await stage.pass(11_000, 1000);
        expect(stage.clock.pendingTimers).toBe(0);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 6000 },
    );
  });
});
