import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';

import { createSignalingServer } from '@proxim/signaling';
import { describe, expect, it, onTestFinished } from 'vitest';

import { openPeers, type Peers, pairedPeers, script, setStage } from './stage.js';

describe('signals of one connection', () => {
  it('[LI1] [ER8] 200 at once pass, the next gets rate_limited, and 50 more pass a second later', async () => {
    const stage = await setStage();
    const { desktop, phone, signal, sessionID } = await pairedPeers(stage);
    const say = (index: number) => phone.send(signal({ candidate: String(index) }));
    const hear = async (index: number) =>
      expect(await desktop.next('signal')).toMatchObject({ payload: { candidate: String(index) } });

    for (let index = 0; index < 201; index += 1) say(index);
    for (let index = 0; index < 200; index += 1) await hear(index);
    expect(await phone.next('error')).toMatchObject({ code: 'rate_limited', replyTo: 'signal', sessionID });

    stage.pass(1);
    for (let index = 1000; index < 1051; index += 1) say(index);
    for (let index = 1000; index < 1050; index += 1) await hear(index);
    expect(await phone.next('error')).toMatchObject({ code: 'rate_limited' });
    await desktop.quiet();
  });

  it('[LI9] nobody else notices: the other peer and other sessions go on', async () => {
    const stage = await setStage({ limits: { signalBurst: 5 } });
    const { desktop, phone, signal } = await pairedPeers(stage);
    const others = await pairedPeers(stage);
    for (let index = 0; index < 6; index += 1) phone.send(signal({ candidate: '' }));
    for (let index = 0; index < 5; index += 1) await desktop.next('signal');
    await phone.next('error');
    desktop.send(signal({ sdp: 'answer' }));
    await phone.next('signal');
    others.phone.send(others.signal({ sdp: 'offer' }));
    await others.desktop.next('signal');
    await desktop.quiet();
  });

  it('[CL2] [LI9] one that does not stop is closed with 1008, and its peer hears that it is lost', async () => {
    const stage = await setStage({ limits: { signalBurst: 5 } });
    const { desktop, phone, signal } = await pairedPeers(stage);
    for (let index = 0; index < 40; index += 1) phone.send(signal({ candidate: '' }));
    expect(await phone.end()).toMatchObject({ code: 1008 });
    for (let index = 0; index < 5; index += 1) await desktop.next('signal');
    expect(await desktop.next('peer_state')).toMatchObject({ state: 'lost' });
  });

  it('[CL2] frames that cannot be read are no way around the limit', async () => {
    const client = await (await setStage({ limits: { signalBurst: 5 } })).connect('client');
    for (let index = 0; index < 100; index += 1) client.send('nonsense');
    expect(await client.end()).toMatchObject({ code: 1008 });
  });
});

describe('requests of one address', () => {
  it('[LI2] [ER6] [ER8] 10 at once for sessions that do not live, then rate_limited, then one every 6 seconds', async () => {
    const stage = await setStage();
    const guess = async (code: string) => {
      const client = await stage.connect('guesser');
      client.send(script().request);
      expect(await client.next('error')).toMatchObject({ code, replyTo: 'pair_request' });
    };
    for (let index = 0; index < 10; index += 1) await guess('session_not_found');
    await guess('rate_limited');
    stage.pass(6);
    await guess('session_not_found');
    await guess('rate_limited');
  });

  it('[LI2] signals and closes that name unknown sessions count alike', async () => {
    const stage = await setStage({ limits: { pairBurst: 3 } });
    const client = await stage.connect('guesser');
    const { signal, close, approve } = script();
    for (const message of [signal({ sdp: '' }), close, approve]) {
      client.send(message);
      expect(await client.next('error')).toMatchObject({ code: 'session_not_found', replyTo: message['type'] });
    }
    client.send(close);
    expect(await client.next('error')).toMatchObject({ code: 'rate_limited', replyTo: 'session_close' });
  });

  it('[LI2] [RO9] what names a session that lives costs nothing, whoever is refused', async () => {
    const stage = await setStage({ limits: { pairBurst: 2 } });
    const { close, approve, signal } = await openPeers(stage);
    const stranger = await stage.connect('stranger');
    for (const message of [close, approve, signal({ sdp: '' }), close, approve]) {
      stranger.send(message);
      expect(await stranger.next('error')).toMatchObject({ code: 'not_allowed' });
    }
    stranger.send(script().close);
    expect(await stranger.next('error')).toMatchObject({ code: 'session_not_found' });
  });

  it('[LI2] what is refused for its rate tells nothing of whether the session lives', async () => {
    const stage = await setStage({ limits: { pairBurst: 1 } });
    const { request } = await openPeers(stage);
    const first = await stage.connect('first');
    first.send(script().request);
    await first.next('error');
    const answers = [];
    for (const message of [request, script().request]) {
      const client = await stage.connect('guesser');
      client.send({ ...message, peerToken: undefined });
      const { sessionID, ...answer } = await client.next('error');
      expect(sessionID).toBe(message['sessionID']);
      answers.push(answer);
    }
    expect(answers[0]).toMatchObject({ code: 'rate_limited' });
    expect(answers[1]).toEqual(answers[0]);
  });

  it('[LI3] the known peerToken is free, and passes when nothing is left', async () => {
    const stage = await setStage({ limits: { pairBurst: 2 } });
    const { desktop, request } = await pairedPeers(stage);
    // One is spent. Coming back costs nothing, however often.
    for (let index = 0; index < 5; index += 1) {
      const again = await stage.connect(`phone ${index}`);
      again.send(request);
      expect(await again.next('pair_result')).toMatchObject({ status: 'approved', resumed: true });
      expect(await desktop.next('peer_state')).toMatchObject({ state: 'connected' });
    }
    const guesser = await stage.connect('guesser');
    guesser.send(script().request);
    expect(await guesser.next('error')).toMatchObject({ code: 'session_not_found' });
    guesser.send(script().request);
    expect(await guesser.next('error')).toMatchObject({ code: 'rate_limited' });
    const again = await stage.connect('phone at last');
    again.send(request);
    expect(await again.next('pair_result')).toMatchObject({ resumed: true });
  });

  it('[LI2] [LI9] a rate-limited phone does not become the prompt of an open session', async () => {
    const stage = await setStage({ limits: { pairBurst: 1 } });
    const { desktop, phone, request } = await openPeers(stage);
    phone.send(script().request);
    await phone.next('error');
    phone.send(request);
    expect(await phone.next('error')).toMatchObject({ code: 'rate_limited', replyTo: 'pair_request' });
    await desktop.quiet();
    stage.pass(6);
    phone.send(request);
    await desktop.next('pair_prompt');
  });
});

describe('how many', () => {
  it('[LI5] [RO4] [ER8] 16 sessions a desktop connection; one more: capacity', async () => {
    const stage = await setStage();
    const desktop = await stage.connect('desktop');
    const scripts = Array.from({ length: 17 }, () => script());
    for (const { create } of scripts) desktop.send(create);
    for (const { sessionID } of scripts.slice(0, 16)) {
      expect(await desktop.next('session_created')).toMatchObject({ sessionID });
    }
    const { sessionID } = scripts[16]!;
    expect(await desktop.next('error')).toMatchObject({ code: 'capacity', replyTo: 'session_create', sessionID });
    expect(stage.server.counts().sessions).toBe(16);

    // One that it has already can be named again, and one that is closed makes room.
    desktop.send(scripts[0]!.create);
    expect(await desktop.next('session_created')).toMatchObject({ resumed: true });
    desktop.send(scripts[0]!.close);
    await desktop.next('session_closed');
    desktop.send(scripts[16]!.create);
    expect(await desktop.next('session_created')).toMatchObject({ sessionID, resumed: false });
  });

  it('[LI6] [ER8] [CL3] 64 connections an address; one more: capacity and 1013', async () => {
    const stage = await setStage();
    const clients = await Promise.all(Array.from({ length: 64 }, (_, index) => stage.connect(`client ${index}`)));
    const more = await stage.connect('one more');
    expect(await more.next('error')).toMatchObject({ code: 'capacity' });
    expect(await more.end()).toMatchObject({ code: 1013 });
    await Promise.all(clients.map((client) => client.quiet()));
    await clients[0]!.leave();
    await stage.connections(63);
    await (await stage.connect('instead')).quiet();
  });

  it('[LI6] [LI10] connections in all: capacity and 1013', async () => {
    const stage = await setStage({ limits: { maxConnections: 1 } });
    const client = await stage.connect('client');
    const more = await stage.connect('one more');
    expect(await more.next('error')).toMatchObject({ code: 'capacity' });
    expect(await more.end()).toMatchObject({ code: 1013 });
    await client.quiet();
  });

  it('[LI5] [LI9] [LI10] sessions in all: capacity, but a desktop that returns needs no room', async () => {
    const stage = await setStage({ limits: { maxSessions: 1 } });
    const { desktop, create } = await openPeers(stage);
    const other = await stage.connect('other desktop');
    other.send(script().create);
    expect(await other.next('error')).toMatchObject({ code: 'capacity', replyTo: 'session_create' });
    await desktop.lose();
    await stage.connections(2);
    const again = await stage.connect('desktop again');
    again.send(create);
    expect(await again.next('session_created')).toMatchObject({ resumed: true });
    // What was refused has left no trace of its name.
    again.send({ type: 'session_close', sessionID: create['sessionID'] });
    await again.next('session_closed');
    other.send(script().create);
    await other.next('session_created');
  });

  it('[LI10] a limit that makes no sense is refused at the start, by its name', () => {
    expect(() => createSignalingServer({ limits: { pairBurst: 0 } })).toThrow(
      expect.objectContaining({ code: 'bad_limit', message: expect.stringContaining('pairBurst') as string }),
    );
    expect(() => createSignalingServer({ limits: { maxSessions: 1.5 } })).toThrow('maxSessions');
  });
});

describe('a slow reader', () => {
  /** Signals to a phone that does not read: the kernel takes some, sooner or later the rest waits in the server. */
  const floodUntilLost = async ({ desktop, signal }: Peers): Promise<unknown> => {
    const frame = JSON.stringify(signal({ sdp: 'x'.repeat(60_000) }));
    const flood = new AbortController();
    const lost = desktop.next('peer_state', 15_000).finally(() => {
      flood.abort();
    });
    for (let sent = 0; !flood.signal.aborted && sent < 1000; sent += 1) {
      await new Promise<void>((resolve, reject) => {
        desktop.socket.send(frame, (error) => (error ? reject(error) : resolve()));
      });
    }
    return lost;
  };

  it('[LI8] [CL3] is closed with 1013 when it is more than the limit behind, and its peer goes on', async () => {
    const stage = await setStage({ limits: { signalBurst: 100_000, signalRate: 100_000 } });
    const peers = await pairedPeers(stage);
    const { desktop, phone } = peers;
    phone.socket.pause();
    expect(await floodUntilLost(peers)).toMatchObject({ state: 'lost' });
    phone.socket.resume();
    expect(await phone.end()).toMatchObject({ code: 1013 });
    expect(desktop.socket.readyState).toBe(desktop.socket.OPEN);
  });

  it('[LI8] one that reads nothing at all is cut off', async () => {
    const stage = await setStage({ limits: { signalBurst: 100_000, maxBufferedBytes: 100_000 } });
    const peers = await pairedPeers(stage);
    peers.phone.socket.pause();
    await floodUntilLost(peers);
    expect(stage.server.counts().connections).toBe(2);
    stage.pass(10);
    await stage.connections(1);
  });
});

describe('a connection that shows no life', () => {
  it('[LI7] [CL5] is closed with 4002: pinged after 15 seconds, given 10 more', async () => {
    const stage = await setStage();
    const dead = await stage.connect('dead', { autoPong: false });
    const alive = await stage.connect('alive');
    const pinged = Promise.all([once(dead.socket, 'ping'), once(alive.socket, 'ping')]);
    stage.pass(15);
    await pinged;
    await alive.quiet();
    stage.pass(9.999);
    await alive.quiet();
    expect(dead.socket.readyState).toBe(dead.socket.OPEN);
    stage.pass(0.001);
    expect(await dead.end()).toMatchObject({ code: 4002 });
    await alive.quiet();
  });

  it('[LI7] a frame is as good as a pong', async () => {
    const stage = await setStage();
    const client = await stage.connect('client', { autoPong: false });
    for (let round = 0; round < 4; round += 1) {
      const pinged = once(client.socket, 'ping');
      stage.pass(15);
      await pinged;
      await client.quiet();
    }
    stage.pass(15 + 10);
    expect(await client.end()).toMatchObject({ code: 4002 });
  });

  it('[LI7] [CB10] the peer of one that is lost by its heartbeat hears lost', async () => {
    const stage = await setStage();
    const lines = script();
    const { desktop } = await openPeers(stage, lines);
    const phone = await stage.connect('silent phone', { autoPong: false });
    phone.send(lines.request);
    await desktop.next('pair_prompt');
    desktop.send(lines.approve);
    await phone.next('pair_result');
    stage.pass(15);
    await desktop.quiet();
    stage.pass(10);
    expect(await desktop.next('peer_state')).toMatchObject({ state: 'lost' });
  });

  it('[LI7] one that does not answer the close is cut off', async () => {
    const stage = await setStage();
    const socket = connectTcp({ port: stage.port, host: '127.0.0.1' });
    onTestFinished(() => void socket.destroy());
    const key = Buffer.from('0123456789abcdef').toString('base64');
    socket.write(
      `GET /signal HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await once(socket, 'data');
    await stage.connections(1);
    const closed = once(socket, 'close');
    socket.resume();
    stage.pass(25);
    expect(stage.server.counts().connections).toBe(1);
    stage.pass(10);
    await closed;
    await stage.connections(0);
    expect(stage.clock.pendingTimers).toBe(0);
  });
});

describe('a connection without a role', () => {
  it('[RO6] [CL5] is closed with 4001 after 15 minutes', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 100_000 } });
    const idle = await stage.connect('idle');
    const { desktop, phone, request } = await openPeers(stage);
    phone.send(request);
    await desktop.next('pair_prompt');
    desktop.send({ type: 'pair_response', sessionID: request['sessionID'], approved: true });
    await phone.next('pair_result');
    stage.pass(899);
    await idle.quiet();
    stage.pass(1);
    expect(await idle.end()).toMatchObject({ code: 4001 });
    // Those with a role stay, although their session has just expired.
    await desktop.next('session_closed');
    await desktop.quiet();
    await phone.next('session_closed');
    await phone.quiet();
  });

  it('[RO6] [RO1] [ER4] what is refused gives no role: 4001 all the same', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 100_000 }, authorizeDesktop: () => false });
    const client = await stage.connect('client');
    client.send(script().create);
    expect(await client.next('error')).toMatchObject({ code: 'unauthorized' });
    client.send({ type: 'pair_request' });
    expect(await client.next('error')).toMatchObject({ code: 'bad_message' });
    stage.pass(900);
    expect(await client.end()).toMatchObject({ code: 4001 });
  });

  it('[RO2] a pair_request gives the role mobile, even when its session does not live', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 100_000 } });
    const client = await stage.connect('client');
    client.send(script().request);
    await client.next('error');
    stage.pass(1000);
    client.send(script().create);
    expect(await client.next('error')).toMatchObject({ code: 'not_allowed', replyTo: 'session_create' });
  });
});
