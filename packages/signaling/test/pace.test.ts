import { once } from 'node:events';

import { ManualClock } from '@proxim/protocol/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Intake } from '../src/intake.js';
import { Pace } from '../src/pace.js';
import { clientFrame, openRaw, type RawSocket, upgradeHead } from './raw-socket.js';
import { setStage, type Stage } from './stage.js';

const ping = clientFrame('{"type":"ping"}');

interface Flooder extends RawSocket {
  pongs(): number;
}

const openFlooder = async (stage: Stage, from = '127.0.0.1'): Promise<Flooder> => {
  const raw = await openRaw(stage, from);
  raw.socket.setNoDelay(true);
  let pongs = 0;
  raw.socket.on('data', (chunk: Buffer) => (pongs += chunk.toString('latin1').split('pong').length - 1));
  raw.write(upgradeHead());
  await raw.heard('\r\n\r\n');
  return { ...raw, pongs: () => pongs };
};

let asked = 0;
/** Another address asks, and has been answered. */
const askElsewhere = async (stage: Stage): Promise<void> => {
  asked += 1;
  const client = await stage.connect('elsewhere', { localAddress: `127.1.${asked >> 8}.${1 + (asked & 127)}` });
  await client.quiet();
  client.socket.terminate();
};

/** Lets the server do for a flooder all that it does without time passing. */
const settle = async (stage: Stage, flooder: Flooder): Promise<void> => {
  let before = -1;
  while (before !== flooder.pongs()) {
    before = flooder.pongs();
    for (let round = 0; round < 5; round += 1) await askElsewhere(stage);
  }
};

describe('an address that sends more than its pace', () => {
  const limits = { addressBurst: 50, addressRate: 20 };

  it('[LI18] is dealt with in time, and nothing of it is refused or lost', async () => {
    const stage = await setStage({ limits });
    const flooder = await openFlooder(stage);
    flooder.write(Buffer.concat(Array.from({ length: 150 }, () => ping)));
    await settle(stage, flooder);
    expect(flooder.pongs()).toBeLessThanOrEqual(50);
    for (let waited = 0; flooder.pongs() < 150; waited += 1) {
      expect(waited).toBeLessThan(100);
      stage.pass(0.1);
      await settle(stage, flooder);
    }
  });

  it('[LI18] [LI9] is not read from meanwhile, and others are served at once', async () => {
    const stage = await setStage({ limits });
    const flooder = await openFlooder(stage);
    const pings = Buffer.concat(Array.from({ length: 50_000 }, () => ping));
    for (let index = 0; index < 20; index += 1) flooder.write(pings);
    await settle(stage, flooder);
    // What the kernels hold is some megabytes; the rest is still with him who sends it.
    expect(flooder.socket.writableLength).toBeGreaterThan(5_000_000);
    expect(flooder.pongs()).toBeLessThanOrEqual(50);
  });

  it('[LI18] serves each of its connections in turn', async () => {
    const stage = await setStage({ limits });
    const flooder = await openFlooder(stage);
    flooder.write(Buffer.concat(Array.from({ length: 150 }, () => ping)));
    await settle(stage, flooder);
    const neighbour = await openFlooder(stage);
    neighbour.write(ping);
    await settle(stage, neighbour);
    expect(neighbour.pongs()).toBe(0);
    for (let waited = 0; neighbour.pongs() === 0; waited += 1) {
      expect(waited).toBeLessThan(5);
      stage.pass(0.1);
      await settle(stage, flooder);
    }
    expect(flooder.pongs()).toBeLessThan(70);
  });

  it('[LI18] leaves nothing behind when it goes', async () => {
    const stage = await setStage({ limits });
    const flooder = await openFlooder(stage);
    flooder.write(Buffer.concat(Array.from({ length: 200 }, () => ping)));
    await settle(stage, flooder);
    flooder.socket.destroy();
    await stage.connections(0);
  });

  it('[LI18] splinters of a frame are counted as well', async () => {
    const stage = await setStage({ limits });
    const flooder = await openFlooder(stage);
    for (let index = 0; index < 60; index += 1) {
      // Each is read on its own: whatever another address asks next has been answered before the next one goes out.
      flooder.write(index === 0 ? clientFrame('', { isLast: false }) : clientFrame('', { opcode: 0, isLast: false }));
      await askElsewhere(stage);
    }
    const neighbour = await openFlooder(stage);
    neighbour.write(ping);
    await settle(stage, neighbour);
    expect(neighbour.pongs()).toBe(0);
    stage.pass(1);
    await once(neighbour.socket, 'data');
    expect(neighbour.pongs()).toBe(1);
  });
});

describe('a pace', () => {
  it('[LI18] lets nobody overtake, and does in time what it was given in order', () => {
    const clock = new ManualClock();
    const pace = new Pace({ burst: 2, rate: 10 }, clock);
    const done: number[] = [];
    expect([pace.take(clock.now()), pace.take(clock.now()), pace.take(clock.now())]).toEqual([true, true, false]);
    for (let index = 0; index < 4; index += 1) pace.wait(() => done.push(index));
    clock.advance(100);
    expect(done).toEqual([0]);
    expect(pace.take(clock.now())).toBe(false);
    clock.advance(300);
    expect(done).toEqual([0, 1, 2, 3]);
    clock.advance(200);
    expect(pace.isFull(clock.now())).toBe(true);
  });
});

describe('the intake of a socket', () => {
  const next = () => new Promise((resolve) => setImmediate(resolve));

  it('[LI18] feeds all that came, in order, however it is held', async () => {
    const chunk = fc.uint8Array({ minLength: 1, maxLength: 2000 });
    const act = fc.oneof(chunk, fc.constantFrom('hold', 'release', 'turn', 'let burst', 'do not'));
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        const came: Buffer[] = [];
        const fed: Buffer[] = [];
        let mayBurst = false;
        let isHeld = false;
        const intake = new Intake({
          feed: (bytes) => {
            expect(isHeld).toBe(false);
            fed.push(bytes);
          },
          stopReading: () => undefined,
          readOn: () => undefined,
          onRead: () => mayBurst,
        });
        for (const each of acts) {
          if (each === 'turn') await next();
          else if (each === 'hold') {
            isHeld = true;
            intake.hold();
          } else if (each === 'release') {
            isHeld = false;
            intake.release();
          } else if (typeof each === 'string') mayBurst = each === 'let burst';
          else {
            came.push(Buffer.from(each));
            intake.onData(Buffer.from(each));
          }
        }
        isHeld = false;
        intake.release();
        const all = Buffer.concat(came);
        for (let turn = 0; turn < 400 && Buffer.concat(fed).length < all.length; turn += 1) await next();
        expect(Buffer.concat(fed).equals(all)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('[LI18] a lost socket gives up what it was made to wait for, and nothing else', async () => {
    const fed: number[] = [];
    const make = () =>
      new Intake({
        feed: (bytes) => fed.push(bytes.length),
        stopReading: () => undefined,
        readOn: () => undefined,
        onRead: () => false,
      });
    const going = make();
    going.onData(Buffer.alloc(1000));
    going.onLost();
    expect(fed).toEqual([256, 744]);
    const held = make();
    held.hold();
    held.onData(Buffer.alloc(1000));
    held.onLost();
    await next();
    expect(fed).toEqual([256, 744]);
  });
});
