import { setTimeout as after } from 'node:timers/promises';

import { expect, inject, it } from 'vitest';

import { clearAway, RealDesktop, RealPhone } from '../../packages/peer/test/real/real-stage.js';
import { startBalancer } from './support/balancer.js';
import { type FleetNode, startFleet } from './support/fleet.js';

clearAway();

const isLong = inject('faultLength') === 'long';
const seconds = Number(process.env['PROXIM_CHAOS_SECONDS'] ?? (isLong ? 300 : 10));
const sessions = Number(process.env['PROXIM_CHAOS_SESSIONS'] ?? (isLong ? 500 : 12));
const seed = Number(process.env['PROXIM_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** In the last part nothing more is broken: whoever is on his way arrives, or is told why not. */
const calmSeconds = isLong ? 90 : 60;

/** mulberry32: the same troubles for the same seed, as far as processes keep time. */
const makeRandom = (from: number) => {
  let state = from;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

interface Couple {
  readonly desktop: RealDesktop;
  readonly phone: RealPhone;
}

const fateOf = ({ phone }: Couple): string => phone.end ?? phone.peer.state.status;

it(
  `${sessions} sessions while nodes and NATS are killed for ${seconds} s: each is connected at the end, or was told why`,
  async () => {
    const random = makeRandom(seed);
    const between = (least: number, most: number): number => least + random() * (most - least);
    const fleet = await startFleet();
    const shuffled = (): readonly FleetNode[] =>
      fleet.nodes
        .map((node) => ({ node, rank: random() }))
        .sort((left, right) => left.rank - right.rank)
        .map(({ node }) => node);
    const balancer = await startBalancer(shuffled);

    const counts = { killed: 0, drained: 0, nats: 0 };
    const until = performance.now() + seconds * 1000;
    const isOver = (): boolean => performance.now() >= until;
    const breakNodes = async (): Promise<void> => {
      while (!isOver()) {
        await after(between(1000, isLong ? 8000 : 3000));
        const [node] = shuffled();
        if (!node || isOver()) return;
        if (random() < 0.7) {
          counts.killed += 1;
          await node.kill();
        } else {
          counts.drained += 1;
          expect(await node.drain()).toBe(0);
        }
        await after(between(200, 3000));
        await node.restart();
      }
    };
    const breakNats = async (): Promise<void> => {
      while (!isOver()) {
        await after(between(4000, isLong ? 45_000 : 8000));
        if (isOver()) return;
        counts.nats += 1;
        await fleet.nats.kill();
        await after(between(200, isLong ? 10_000 : 3000));
        await fleet.nats.restart();
      }
    };

    const couples: Couple[] = [];
    const meet = async (): Promise<void> => {
      const desktop = new RealDesktop(balancer.port);
      desktop.peer.on('prompt', ({ sessionID, promptID }) => {
        desktop.peer.approve(sessionID, { promptID });
      });
      const sessionID = await desktop.session();
      const phone = new RealPhone(desktop.link(sessionID, balancer.port));
      couples.push({ desktop, phone });
      phone.peer.ask();
    };
    const meetAll = async (): Promise<void> => {
      // All of them have met before the last fifth: then everything that is broken is broken for all.
      const pauseMs = (seconds * 800) / sessions;
      const meetings: Promise<void>[] = [];
      for (let index = 0; index < sessions; index += 1) {
        meetings.push(meet());
        await after(pauseMs);
      }
      await Promise.all(meetings);
    };
    await Promise.all([breakNodes(), breakNats(), meetAll()]);

    const isSettled = (couple: Couple): boolean =>
      couple.phone.end !== undefined || couple.phone.peer.state.status === 'connected';
    const calmUntil = performance.now() + calmSeconds * 1000;
    while (!couples.every(isSettled) && performance.now() < calmUntil) await after(200);
    const settledIn = calmSeconds - (calmUntil - performance.now()) / 1000;

    const fates = new Map<string, number>();
    for (const couple of couples) fates.set(fateOf(couple), (fates.get(fateOf(couple)) ?? 0) + 1);
    console.log(
      `seed ${seed}: ${counts.killed} nodes killed, ${counts.drained} drained, NATS killed ${counts.nats} times; ` +
        `${sessions} sessions, settled ${settledIn.toFixed(1)} s after the last trouble: ` +
        [...fates].map(([fate, count]) => `${count} ${fate}`).join(', '),
    );
    expect(couples).toHaveLength(sessions);
    expect(couples.filter((couple) => !isSettled(couple)).map(fateOf)).toEqual([]);

    // Those that say that they are connected are, and their sessions are where both find them.
    const connected = couples.filter(({ phone }) => phone.end === undefined);
    for (const { desktop, phone } of connected) {
      await phone.hasSecret();
      const before = phone.channels.length;
      desktop.peer.networkChanged();
      await phone.until(() => phone.channels.length > before);
      expect(await phone.echo('still here')).toBe('still here');
    }
    await balancer.close();
  },
  (seconds + calmSeconds + 180) * 1000,
);
