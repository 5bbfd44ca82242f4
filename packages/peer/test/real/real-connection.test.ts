import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { ManualClock } from '@proxim/protocol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type IsolatedRtcEngine, isolatedRtcEngine, nodeEnvironment } from '../../src/node/index.js';
import { type BuiltProgram, buildForNode } from '../stage/build-for-node.js';
import {
  clearAway,
  connected,
  CuttablePort,
  finallyDo,
  RealPhone,
  setDesktopsEngine,
  startServer,
} from './real-stage.js';

clearAway();

describe.each([
  ['two real peers', false],
  ['two real peers, the desktop’s engine in a process of its own', true],
])('%s', (_, isIsolated) => {
  let program: BuiltProgram | undefined;
  let engine: IsolatedRtcEngine | undefined;

  beforeAll(async () => {
    if (!isIsolated) return;
    program = await buildForNode(new URL('../../src/node/engine-process.ts', import.meta.url));
    engine = isolatedRtcEngine({ clock: nodeEnvironment().clock, program: pathToFileURL(program.path) });
    setDesktopsEngine(engine);
  });

  afterAll(async () => {
    setDesktopsEngine(undefined);
    await engine?.unload();
    await program?.remove();
  });

  it('[PA5] [SG1] [AU8] pair, connect, talk both ways, and the device secret is handed over', async () => {
    const { desktop, phone, sessionID } = await connected();
    expect(desktop.seen('prompt')[0]).toMatchObject({ verified: true, deviceInfo: { name: 'Galaxy S23' } });
    expect(await phone.echo('héllo ✓ 😀')).toBe('héllo ✓ 😀');
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index & 0xff);
    expect(await phone.echo(bytes)).toEqual(bytes);
    expect(phone.peer.memory.deviceSecret).toHaveLength(32);
    expect(await desktop.peer.path(sessionID)).toMatchObject({ localType: expect.any(String) as string });
    expect(await phone.peer.path()).toMatchObject({ remoteType: expect.any(String) as string });
  });

  it('[EX9] the phone hears over the direct connection alone that the computer ended the session', async () => {
    const { port } = await startServer();
    const cuttable = await CuttablePort.to(port);
    const { desktop, phone, sessionID } = await connected({ port: cuttable.port });
    cuttable.switchTo(9);
    await desktop.next('signaling', ({ isConnected }) => !isConnected);
    desktop.peer.closeSession(sessionID);
    await phone.reaches('ended');
    expect(phone.end).toBe('closed_by_desktop');
  });

  it('[CB12] [CB13] [CB14] [CB15] a server that is killed and replaced: both return unasked, the direct connection lives on', async () => {
    const { port } = await startServer();
    const cuttable = await CuttablePort.to(port);
    const { desktop, phone, sessionID } = await connected({ port: cuttable.port });
    const channel = phone.channels.at(-1);
    const states = phone.states.length;
    cuttable.switchTo((await startServer()).port);
    await desktop.next('session', ({ session, resumed }) => session.sessionID === sessionID && !resumed, 1);
    await phone.reaches('connected', states);
    expect(phone.channels.at(-1)).toBe(channel);
    expect(await phone.echo('still here')).toBe('still here');
    expect(desktop.seen('prompt')).toHaveLength(1);
    expect(phone.states.slice(states).map(({ status }) => status)).toEqual(['connected']);
    expect(desktop.seen('direct').map(({ state }) => state)).toEqual(['connecting', 'connected']);
  });

  it('[CB12] [CB13] [SC7] a server that shuts down and starts again on its port: the same', async () => {
    const { port, server } = await startServer();
    const { desktop, phone } = await connected({ port });
    const states = phone.states.length;
    await server.close();
    expect(await phone.echo('without a server')).toBe('without a server');
    await startServer(port);
    await phone.reaches('connected', states);
    expect(desktop.seen('prompt')).toHaveLength(1);
    expect(await phone.echo('with a server')).toBe('with a server');
    expect(desktop.seen('error')).toEqual([]);
  });

  it('[CB4] [CB8] lost sockets are resumed', async () => {
    const { port } = await startServer();
    const cuttable = await CuttablePort.to(port);
    const { desktop, phone } = await connected({ port: cuttable.port });
    const states = phone.states.length;
    cuttable.cut();
    await Promise.all([desktop.next('session', ({ resumed }) => resumed), phone.reaches('connected', states)]);
    expect(desktop.seen('prompt')).toHaveLength(1);
    expect(await phone.echo('on')).toBe('on');
  });

  it('[CB8] [SG10] a reloaded page resumes without a prompt, over a new direct connection', async () => {
    const { desktop, phone, link, sessionID } = await connected();
    const reloaded = new RealPhone(link, { memory: phone.peer.memory });
    reloaded.peer.ask();
    await reloaded.reaches('connected');
    expect(await reloaded.echo('back')).toBe('back');
    // It keeps its connection until the desktop has swapped it.
    await phone.reaches('ended');
    expect(phone.end).toBe('replaced');
    expect(desktop.seen('prompt')).toHaveLength(1);
    expect(desktop.peer.sessions.find((session) => session.sessionID === sessionID)?.directState).toBe('connected');
  });

  it('[EX2] [EX7] expiry ends the direct connection', async () => {
    const clock = new ManualClock();
    const environment = { ...nodeEnvironment(), clock };
    const { desktop, phone } = await connected({ sessionType: 'temporary', ttlSeconds: 12, environment });
    clock.advance(11_999);
    expect(desktop.seen('session_closed')).toEqual([]);
    clock.advance(1);
    expect(desktop.seen('session_closed')).toMatchObject([{ reason: 'expired' }]);
    expect(desktop.seen('direct').at(-1)).toMatchObject({ state: 'closed' });
    // By the goodbye; should the engine close before that is out, by the server's own clock, which is a real one here.
    await phone.reaches('ended');
    expect(phone.end).toBe('expired');
    expect(phone.channels.at(-1)?.send('late')).toBe(false);
    desktop.peer.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('[EX4] [EX8] a one-time session ends when the phone leaves', async () => {
    const { desktop, phone } = await connected({ sessionType: 'one_time' });
    phone.peer.leave();
    expect(await desktop.next('session_closed')).toMatchObject({ reason: 'closed_by_desktop' });
  });

  it('a message that is larger than the other side takes is refused, and nothing breaks', async () => {
    const { phone } = await connected();
    expect(phone.channels.at(-1)?.send(new Uint8Array(300_000))).toBe(false);
    expect(await phone.echo('on')).toBe('on');
  });

  it('what waits to be sent is known, arrives in order, and waits no more', async () => {
    const { desktop, phone } = await connected();
    const channel = desktop.channels.at(-1);
    if (!channel) throw new Error('no channel is open');
    const count = 200;
    const received: (number | undefined)[] = [];
    const all = new Promise<void>((resolve) => {
      phone.channels.at(-1)?.onMessage((data) => {
        received.push(typeof data === 'string' ? undefined : data[0]);
        if (received.length === count) resolve();
      });
    });
    for (let index = 0; index < count; index += 1) {
      expect(channel.send(new Uint8Array(60_000).fill(index))).toBe(true);
    }
    expect(channel.bufferedBytes).toBeGreaterThan(0);
    await all;
    expect(received).toEqual(Array.from({ length: count }, (_, index) => index));
    await expect.poll(() => channel.bufferedBytes).toBe(0);
  });

  it('twenty reconnects in a row leave no handles behind', async () => {
    const { desktop, phone, link, sessionID } = await connected();
    const count = (): number => readdirSync('/proc/self/fd').length;
    const threads = (): number => readdirSync('/proc/self/task').length;
    let page = phone;
    const reload = async (): Promise<void> => {
      const next = new RealPhone(link, { memory: page.peer.memory });
      finallyDo(() => next.peer.leave());
      next.peer.ask();
      await next.reaches('connected');
      expect(await next.echo('on')).toBe('on');
      page = next;
    };
    for (let turn = 0; turn < 4; turn += 1) await reload();
    const before = { handles: count(), threads: threads() };
    for (let turn = 0; turn < 16; turn += 1) await reload();
    // The engine closes what it drops on its own threads, a moment later.
    expect(count()).toBeLessThanOrEqual(before.handles + 8);
    expect(threads()).toBeLessThanOrEqual(before.threads + 4);
    expect(desktop.seen('prompt')).toHaveLength(1);
    expect(desktop.peer.sessions.find((session) => session.sessionID === sessionID)?.directState).toBe('connected');
  });
});
