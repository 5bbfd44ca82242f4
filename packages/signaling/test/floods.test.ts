import { once } from 'node:events';

import type { SessionID } from '@proxim/protocol';
import { type Bus, createMemoryBus } from '@proxim/signaling';
import { describe, expect, it, vi } from 'vitest';

import { clientFrame, openRaw, type RawSocket, upgradeHead } from './raw-socket.js';
import { openPeers, pairedPeers, script, setStage, type Stage } from './stage.js';

/** A WebSocket whose bytes the test writes itself. */
const openUpgraded = async (stage: Stage, stays = false): Promise<RawSocket> => {
  const raw = await openRaw(stage, '127.0.0.1', stays);
  raw.write(upgradeHead());
  await raw.heard('\r\n\r\n');
  return raw;
};

const count = (text: string, part: string): number => text.split(part).length - 1;
/** The close frame of the server that says 1008. */
const policyViolation = '\x03\xf0';

describe('frames below the messages', () => {
  it('[LI14] [CL2] pings are answered as far as frames are allowed; one that does not stop is closed with 1008', async () => {
    const stage = await setStage({ limits: { signalBurst: 5 } });
    const raw = await openUpgraded(stage);
    // Ten frames and five refusals.
    raw.write(Buffer.concat(Array.from({ length: 15 }, () => clientFrame('ping!', { opcode: 9 }))));
    const client = await stage.connect('client');
    await client.quiet();
    raw.write(clientFrame('ping!', { opcode: 9 }));
    const said = await raw.ended;
    expect(count(said, 'ping!')).toBe(10);
    expect(said).toContain(policyViolation);
    await client.quiet();
  });

  it('[LI14] [CL2] pongs that nobody asked for are frames as well', async () => {
    const raw = await openUpgraded(await setStage({ limits: { signalBurst: 5 } }));
    raw.write(Buffer.concat(Array.from({ length: 16 }, () => clientFrame('', { opcode: 10 }))));
    expect(await raw.ended).toContain(policyViolation);
  });

  it('[LI14] pings that are never read are answered no further than the limit goes', async () => {
    const stage = await setStage({ limits: { signalBurst: 100_000, maxBufferedBytes: 20_000 } });
    const raw = await openUpgraded(stage);
    raw.socket.pause();
    const pings = Buffer.concat(Array.from({ length: 1000 }, () => clientFrame('x'.repeat(125), { opcode: 9 })));
    const lost = once(raw.socket, 'close');
    // The kernels hold some megabytes of answers before the server has to.
    for (let round = 0; round < 200 && !raw.socket.destroyed; round += 1) {
      await new Promise<void>((resolve) => raw.socket.write(pings, () => resolve()));
      if (stage.server.counts().connections === 0) break;
    }
    stage.pass(10);
    raw.socket.resume();
    await lost;
    await stage.connections(0);
  });

  it('[LI14] [CL2] a message comes in 128 pieces at most, however small', async () => {
    const stage = await setStage();
    const raw = await openUpgraded(stage);
    const pieces = (empty: number): Buffer =>
      Buffer.concat([
        clientFrame('{"type":', { isLast: false }),
        ...Array.from({ length: empty }, () => clientFrame('', { opcode: 0, isLast: false })),
        clientFrame('"ping"}', { opcode: 0 }),
      ]);
    raw.write(pieces(126));
    await raw.heard('pong');
    raw.write(pieces(127));
    expect(await raw.ended).toContain(policyViolation);
  });
});

describe('one who was cut off', () => {
  it.each([
    ['too many messages', clientFrame('nonsense'), 1000, policyViolation],
    ['a frame that is too large', Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0]), 1, '\x03\xf1'],
    ['a binary frame', clientFrame('x', { opcode: 2 }), 1, '\x03\xeb'],
  ])('[LI15] is not listened to any more: %s', async (_name, bytes, times, end) => {
    const stage = await setStage({ limits: { signalBurst: 5 } });
    const raw = await openUpgraded(stage, true);
    raw.write(Buffer.concat(Array.from({ length: times }, () => bytes)));
    await raw.heard(end);
    // He goes on, and does not go; the clock stands still.
    const noise = Buffer.alloc(65_536, 'x');
    const writing = (async () => {
      while (!raw.socket.destroyed) await new Promise((resolve) => raw.socket.write(noise, resolve));
    })();
    await raw.ended;
    await writing;
    await stage.connections(0);
  });
});

describe('one who sends much at a time', () => {
  it('[LI16] [LI9] does not make others wait until all of it is done', async () => {
    const stage = await setStage();
    const { desktop, phone, signal } = await pairedPeers(stage);
    const heavy = await openUpgraded(stage);
    let said = '';
    heavy.socket.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
    heavy.write(Buffer.concat(Array.from({ length: 390 }, () => clientFrame('{"type":"ping"}'))));
    await heavy.heard('pong');
    phone.send(signal({ sdp: 'offer' }));
    await desktop.next('signal');
    expect(count(said, 'pong')).toBeLessThan(200);
    while (count(said, 'pong') < 390) await once(heavy.socket, 'data');
  });

  it('[LI16] is dealt with in order all the same', async () => {
    const stage = await setStage();
    const { desktop, phone, signal } = await pairedPeers(stage);
    for (let index = 0; index < 200; index += 1) phone.send(signal({ candidate: String(index) }));
    for (let index = 0; index < 200; index += 1) {
      expect(await desktop.next('signal')).toMatchObject({ payload: { candidate: String(index) } });
    }
  });

  it('[LI16] [CB1] is dealt with to the last frame, though it has left', async () => {
    const stage = await setStage();
    const { desktop, phone, signal } = await pairedPeers(stage);
    for (let index = 0; index < 150; index += 1) phone.send(signal({ candidate: String(index) }));
    const left = phone.leave(1000);
    for (let index = 0; index < 150; index += 1) {
      expect(await desktop.next('signal')).toMatchObject({ payload: { candidate: String(index) } });
    }
    expect(await desktop.next('peer_state')).toMatchObject({ state: 'left' });
    await left;
    await stage.connections(1);
  });

  it('[LI16] is not read from while an answer is waited for, and nothing of it is lost', async () => {
    const memory = createMemoryBus();
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    const held = new Set<SessionID>();
    // A bus with a network between: it answers later, for one session.
    const bus: Bus = {
      ...memory,
      toOwner: (sessionID, delivery) =>
        held.has(sessionID)
          ? isReleased.then(() => memory.toOwner(sessionID, delivery))
          : memory.toOwner(sessionID, delivery),
    };
    const stage = await setStage({ bus, limits: { signalBurst: 10_000 } });
    const { desktop, phone, signal, sessionID } = await pairedPeers(stage);
    held.add(sessionID as SessionID);
    // More than two kernels hold for one connection.
    const frames = Array.from({ length: 500 }, (_, index) =>
      JSON.stringify(signal({ sdp: `${index} ${'x'.repeat(60_000)}` })),
    );
    for (const frame of frames) phone.send(frame);
    const client = await stage.connect('client');
    for (let round = 0; round < 100; round += 1) await client.quiet();
    expect(phone.socket.bufferedAmount).toBeGreaterThan(10_000_000);
    release();
    for (const frame of frames) expect((await desktop.nextFrame('signal')).text).toBe(frame);
  });
});

describe('one whose answer another node owes', () => {
  it('[LI7] is not taken for lost while it is not read from', async () => {
    const memory = createMemoryBus();
    const releases: (() => void)[] = [];
    const bus: Bus = {
      ...memory,
      claim: (sessionID, owner) =>
        new Promise((resolve) => {
          releases.push(() => {
            resolve(memory.claim(sessionID, owner));
          });
        }),
    };
    const stage = await setStage({ bus });
    const desktop = await stage.connect('desktop');
    desktop.send(script().create);
    desktop.send(script().create);
    await vi.waitFor(() => expect(releases).toHaveLength(1), { interval: 1 });
    for (let round = 0; round < 10; round += 1) stage.pass(10);
    releases[0]?.();
    await desktop.next('session_created');
    await vi.waitFor(() => expect(releases).toHaveLength(2), { interval: 1 });
    releases[1]?.();
    await desktop.next('session_created');
    await desktop.quiet();
  });
});

describe('nobody else notices', () => {
  it('[LI8] [LI9] a reader that does not read: the signals of others go on while it falls behind', async () => {
    const stage = await setStage({ limits: { signalBurst: 100_000 } });
    const slow = await pairedPeers(stage);
    const others = await pairedPeers(stage);
    slow.phone.socket.pause();
    const flood = new AbortController();
    const lost = slow.desktop.next('peer_state', 15_000).finally(() => {
      flood.abort();
    });
    const frame = JSON.stringify(slow.signal({ sdp: 'x'.repeat(60_000) }));
    for (let sent = 0; !flood.signal.aborted && sent < 1000; sent += 1) {
      await new Promise((resolve) => slow.desktop.socket.send(frame, resolve));
      others.phone.send(others.signal({ candidate: String(sent) }));
      expect(await others.desktop.next('signal')).toMatchObject({ payload: { candidate: String(sent) } });
    }
    expect(await lost).toMatchObject({ state: 'lost' });
  });

  it('[LI2] [AT5] prompts without end: five for a session, ten for an address, and other sessions go on', async () => {
    const stage = await setStage();
    const lines = [script(), script(), script()];
    const { desktop } = await openPeers(stage, lines[0]);
    for (const { create } of lines.slice(1)) {
      desktop.send(create);
      await desktop.next('session_created');
    }
    const spammer = { localAddress: '127.0.0.2' };
    for (const [index, { request, sessionID }] of lines.entries()) {
      for (let asked = 0; asked < 5; asked += 1) {
        const phone = await stage.connect('spammer', spammer);
        phone.send({ ...request, peerToken: undefined });
        if (index === 2) {
          expect(await phone.next('error')).toMatchObject({ code: 'rate_limited' });
          continue;
        }
        await desktop.next('pair_prompt');
        await phone.leave();
        await desktop.next('pair_cancel');
      }
      if (index < 2) {
        expect(await desktop.next('session_closed')).toMatchObject({ sessionID, reason: 'too_many_attempts' });
      }
    }
    const phone = await stage.connect('phone');
    phone.send(lines[2]?.request ?? {});
    await desktop.next('pair_prompt');
  });
});
