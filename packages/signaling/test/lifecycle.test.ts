import { createMemoryBus, createSignalingServer, type Eventually } from '@proxim/signaling';
import { describe, expect, it, vi } from 'vitest';

import { openPeers, pairedPeers, script, setStage } from './stage.js';

describe('time', () => {
  it('[PA1] [PA7] 40 seconds without an answer', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 1000 } });
    const { desktop, phone, request, sessionID } = await openPeers(stage);
    phone.send(request);
    const { promptID } = await desktop.next('pair_prompt');
    stage.pass(39.999);
    await phone.quiet();
    stage.pass(0.001);
    expect(await phone.next('pair_result')).toEqual({
      type: 'pair_result',
      sessionID,
      status: 'rejected',
      reason: 'timeout',
    });
    expect(await desktop.next('pair_cancel')).toEqual({ type: 'pair_cancel', sessionID, promptID, reason: 'timeout' });
  });

  it('[PA7] [LI10] or as many as the option says', async () => {
    const stage = await setStage({ limits: { pairingTimeoutSeconds: 2 } });
    const { desktop, phone, request } = await openPeers(stage);
    phone.send(request);
    expect(await desktop.next('pair_prompt')).toMatchObject({ timeoutSeconds: 2 });
    stage.pass(2);
    await desktop.next('pair_cancel');
  });

  it('[EX1] [EX6] 15 minutes, paired or not', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 10_000 } });
    const { desktop, phone, sessionID } = await pairedPeers(stage);
    const other = await openPeers(stage);
    stage.pass(899.999);
    for (const client of [desktop, phone, other.desktop]) await client.quiet();
    stage.pass(0.001);
    for (const client of [desktop, phone]) {
      expect(await client.next('session_closed')).toEqual({ type: 'session_closed', sessionID, reason: 'expired' });
    }
    expect(await other.desktop.next('session_closed')).toMatchObject({ reason: 'expired' });
    expect(stage.server.counts().sessions).toBe(0);
  });

  it('[EX3] [EX4] [EX5] one_time ends unless it is paired in time, persistent never', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 10_000 } });
    const desktop = await stage.connect('desktop');
    const [unpaired, paired, persistent] = [script(), script(), script()];
    desktop.send({ ...unpaired.create, sessionType: 'one_time' });
    expect(await desktop.next('session_created')).toMatchObject({ sessionType: 'one_time', expiresInSeconds: 900 });
    desktop.send({ ...persistent.create, sessionType: 'persistent' });
    expect(await desktop.next('session_created')).toMatchObject({ sessionType: 'persistent', expiresInSeconds: null });
    desktop.send({ ...paired.create, sessionType: 'one_time' });
    await desktop.next('session_created');
    const phone = await stage.connect('phone');
    phone.send(paired.request);
    await desktop.next('pair_prompt');
    desktop.send(paired.approve);
    expect(await phone.next('pair_result')).toMatchObject({ expiresInSeconds: null });
    stage.pass(5000);
    expect(await desktop.next('session_closed')).toMatchObject({ sessionID: unpaired.sessionID, reason: 'expired' });
    await desktop.quiet();
    expect(stage.server.counts().sessions).toBe(2);
  });

  it('[AT5] five requests that lapse close the session', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 10_000 } });
    const { desktop, phone, request, sessionID } = await openPeers(stage);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      phone.send(request);
      await desktop.next('pair_prompt');
      stage.pass(40);
      await phone.next('pair_result');
      await desktop.next('pair_cancel');
    }
    for (const client of [phone, desktop]) {
      expect(await client.next('session_closed')).toEqual({
        type: 'session_closed',
        sessionID,
        reason: 'too_many_attempts',
      });
    }
    phone.send(request);
    expect(await phone.next('error')).toMatchObject({ code: 'session_not_found' });
  });
});

describe('shutdown', () => {
  it('[SC7] [CL1] [SC6] ends sessions with server_shutdown and connections with 1001', async () => {
    const stage = await setStage();
    const { desktop, phone, request, sessionID } = await openPeers(stage);
    const paired = await pairedPeers(stage);
    const idle = await stage.connect('idle');
    phone.send(request);
    await desktop.next('pair_prompt');
    const closed = stage.server.close();
    expect(await phone.next('pair_result')).toMatchObject({ status: 'rejected', reason: 'server_shutdown' });
    for (const client of [phone, desktop, paired.phone, paired.desktop]) {
      const end = await client.next('session_closed');
      expect(end).toMatchObject({ reason: 'server_shutdown', reconnectAfterSeconds: expect.any(Number) as number });
      expect(end['reconnectAfterSeconds']).toBeGreaterThanOrEqual(0);
      expect(end['reconnectAfterSeconds']).toBeLessThan(5);
    }
    for (const client of [phone, desktop, paired.phone, paired.desktop, idle]) {
      expect(await client.end()).toMatchObject({ code: 1001 });
    }
    await closed;
    expect(sessionID).not.toBe(paired.sessionID);
    expect(stage.server.counts()).toEqual({ connections: 0, sessions: 0 });
    expect(stage.clock.pendingTimers).toBe(0);
    await expect(stage.connect('late')).rejects.toThrow('ECONNREFUSED');
  });

  it('[SC7] cuts off who does not say goodbye in time', async () => {
    const stage = await setStage();
    const stuck = await stage.connect('stuck');
    stuck.socket.pause();
    const closed = stage.server.close({ drainMs: 500 });
    stage.pass(0.5);
    await closed;
    expect(stage.server.counts().connections).toBe(0);
    stuck.socket.resume();
    await stuck.end();
  });

  it('[TR1] a port that is taken is refused by name', async () => {
    const stage = await setStage();
    const other = createSignalingServer();
    await expect(other.listen({ port: stage.port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'port_in_use' });
    await other.close();
  });
});

describe('memory', () => {
  it('[SC8] [CB16] nothing is left of sessions and connections once they are over', async () => {
    const stage = await setStage({ limits: { pairBurst: 10_000 } });
    const timers = stage.clock.pendingTimers;
    const ways = ['close', 'leave', 'lose', 'expire', 'attempts'] as const;
    for (let round = 0; round < 25; round += 1) {
      const way = ways[round % ways.length]!;
      const peers = round % 2 === 0 ? await pairedPeers(stage) : await openPeers(stage);
      const { desktop, phone, request, reject, close } = peers;
      switch (way) {
        case 'close':
          desktop.send(close);
          await desktop.next('session_closed');
          break;
        case 'leave':
          await desktop.leave();
          break;
        case 'lose':
          await desktop.lose();
          await stage.connections(1);
          break;
        case 'expire':
          break;
        case 'attempts':
          if (round % 2 === 0) break;
          for (let attempt = 0; attempt < 5; attempt += 1) {
            phone.send(request);
            await desktop.next('pair_prompt');
            desktop.send(reject);
            await phone.next('pair_result');
          }
          break;
        default:
          way satisfies never;
      }
      await Promise.all([phone.lose(), desktop.lose()]);
      await stage.connections(0);
      stage.pass(1000);
      expect(stage.server.counts(), `${way} ${round}`).toEqual({ connections: 0, sessions: 0 });
      expect(stage.clock.pendingTimers, `${way} ${round}`).toBe(timers);
    }
  });

  it('[CB16] a session remembers who sits in it, and nobody who sat there before', async () => {
    const bus = createMemoryBus();
    const unseated: unknown[] = [];
    const stage = await setStage({
      bus: {
        ...bus,
        toConnection: (connection, command) => {
          if (command.type === 'unseat') unseated.push(connection);
          bus.toConnection(connection, command);
        },
      },
    });
    const { desktop, phone, request, close } = await pairedPeers(stage);
    await phone.lose();
    for (let index = 0; index < 5; index += 1) {
      const again = await stage.connect(`phone ${index}`);
      again.send(request);
      await again.next('pair_result');
    }
    await stage.connections(2);
    desktop.send(close);
    await vi.waitFor(() => expect(stage.server.counts().sessions).toBe(0), { interval: 1 });
    expect(unseated).toHaveLength(2);
  });

  it('[SC8] the name of a closed session is free again', async () => {
    const stage = await setStage();
    const { desktop, create, close } = await pairedPeers(stage);
    desktop.send(close);
    await desktop.next('session_closed');
    const other = await stage.connect('other desktop');
    other.send({ ...create, peerToken: undefined });
    expect(await other.next('session_created')).toMatchObject({ resumed: false });
  });

  it('[MS14] [MS16] both peers learn of the STUN and TURN servers', async () => {
    const iceServers = [
      { urls: 'stun:stun.example.org' },
      { urls: ['turn:turn.example.org'], username: 'u', credential: 'c' },
    ];
    const stage = await setStage({ iceServers: () => iceServers });
    const lines = script();
    const desktop = await stage.connect('desktop');
    desktop.send(lines.create);
    expect(await desktop.next('session_created')).toMatchObject({ iceServers });
    const phone = await stage.connect('phone');
    phone.send(lines.request);
    expect(await desktop.next('pair_prompt')).not.toHaveProperty('iceServers');
    desktop.send(lines.approve);
    expect(await phone.next('pair_result')).toMatchObject({ status: 'approved', iceServers });
  });
});

describe('an answer of the bus that comes late, as it does in a cluster', () => {
  /** A stage whose bus answers a claim, or a delivery, only when it is told to. */
  const setLateStage = async () => {
    const bus = createMemoryBus();
    const late: (() => void)[] = [];
    const later = <Value>(value: () => Eventually<Value>): Promise<Value> =>
      new Promise((resolve) => {
        late.push(() => {
          resolve(value());
        });
      });
    const stage = await setStage({
      bus: {
        ...bus,
        claim: (sessionID, deliver) => later(() => bus.claim(sessionID, deliver)),
        toOwner: (sessionID, delivery) =>
          delivery.event.type === 'pair_requested'
            ? later(() => bus.toOwner(sessionID, delivery))
            : bus.toOwner(sessionID, delivery),
      },
    });
    /** Waits for a question to the bus, then runs this before the answer. */
    const answer = async (before: () => Promise<unknown> = () => Promise.resolve()): Promise<void> => {
      await vi.waitFor(() => expect(late).toHaveLength(1), { interval: 1 });
      await before();
      late.shift()?.();
    };
    return { stage, answer };
  };

  for (const withTokens of [true, false]) {
    it(`[CB2] [SC5] a desktop ${withTokens ? 'with' : 'without'} a token that is lost meanwhile leaves no session behind`, async () => {
      const { stage, answer } = await setLateStage();
      const desktop = await stage.connect('desktop');
      desktop.send(script({ withTokens }).create);
      await answer(async () => {
        await desktop.lose();
        await stage.connections(0);
      });
      await vi.waitFor(() => expect(stage.clock.pendingTimers).toBe(withTokens ? 2 : 0), { interval: 1 });
      stage.pass(60);
      expect(stage.server.counts().sessions).toBe(0);
      expect(stage.clock.pendingTimers).toBe(0);
    });
  }

  it('[SC8] what a connection had still to say when it ended is not heard', async () => {
    const { stage, answer } = await setLateStage();
    const desktop = await stage.connect('desktop');
    const first = script({ withTokens: false });
    desktop.send(first.create);
    desktop.send(script().create);
    await answer(async () => {
      await desktop.lose();
      await stage.connections(0);
    });
    // A second question to the bus would be waiting here; the next one is that of another desktop.
    const other = await stage.connect('other desktop');
    other.send(first.create);
    await answer();
    expect(await other.next('session_created')).toMatchObject({ resumed: false });
    expect(stage.server.counts().sessions).toBe(1);
  });

  it('[PA9] [AT3] a phone that leaves meanwhile leaves no prompt behind', async () => {
    const { stage, answer } = await setLateStage();
    const lines = script();
    const desktop = await stage.connect('desktop');
    desktop.send(lines.create);
    await answer();
    await desktop.next('session_created');
    const phone = await stage.connect('phone');
    phone.send(lines.request);
    await answer(async () => {
      await phone.leave();
      await stage.connections(1);
    });
    await desktop.next('pair_prompt');
    expect(await desktop.next('pair_cancel')).toMatchObject({ reason: 'mobile_left' });
  });

  it('[SC7] [SC8] a server that stops meanwhile keeps no session', async () => {
    const { stage, answer } = await setLateStage();
    const desktop = await stage.connect('desktop');
    desktop.send({ ...script().create, sessionType: 'persistent' });
    await answer(() => stage.server.close());
    expect(await desktop.end()).toMatchObject({ code: 1001 });
    expect(stage.server.counts().sessions).toBe(0);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('[SG2] frames keep their order while an answer is awaited', async () => {
    const { stage, answer } = await setLateStage();
    const lines = script();
    const desktop = await stage.connect('desktop');
    desktop.send(lines.create);
    desktop.send(lines.close);
    desktop.send({ type: 'ping' });
    await answer();
    await desktop.next('session_created');
    await desktop.next('session_closed');
    await desktop.next('pong');
  });
});
