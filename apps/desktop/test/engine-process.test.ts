import { readFileSync } from 'node:fs';

import { unloadNodeRtcEngine } from '@proxim/peer/node';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { type Command, event, runProxim } from './support/command.js';
import { engineProcessesOf, isRunning } from './support/engine-process.js';
import { isStatus, type NodePhone, startNodePhone } from './support/node-phone.js';

/** The watchdog's five seconds, the phone's five seconds of silence, and the way back. */
const backWithinMs = 25_000;

describe('the process of the WebRTC engine', () => {
  let app: Command | undefined;
  let phone: NodePhone | undefined;

  afterEach(async () => {
    phone?.peer.leave();
    phone = undefined;
    await app?.stop('SIGKILL');
    app = undefined;
  });

  afterAll(async () => {
    await unloadNodeRtcEngine();
  });

  const start = async () => {
    const started = runProxim(['--json', '--no-open', '--address', '127.0.0.1', '--port', '0']);
    app = started;
    const { link, sessionID } = await started.next(event('session'));
    return { app: started, pid: Number(started.child.pid), link: String(link), sessionID: String(sessionID) };
  };

  const connected = async () => {
    const started = await start();
    const held = startNodePhone(started.link);
    phone = held;
    await started.app.next(event('pair_prompt'));
    started.app.send({ command: 'approve', sessionID: started.sessionID });
    await started.app.next(event('peer', { state: 'connected' }));
    await held.reaches(({ status }) => status === 'connected' && held.peer.memory.deviceSecret !== undefined);
    const [engine = 0, ...others] = engineProcessesOf(started.pid);
    expect(others).toEqual([]);
    expect(isRunning(engine)).toBe(true);
    return { ...started, phone: held, engine };
  };

  it('is not there before a phone asks', async () => {
    const { app, pid, link } = await start();
    expect(engineProcessesOf(pid)).toEqual([]);
    phone = startNodePhone(link);
    await app.next(event('pair_prompt'));
    await expect.poll(() => engineProcessesOf(pid)).toHaveLength(1);
  });

  it('knows no secret of the session, and nothing of the program’s environment', async () => {
    const { engine, link } = await connected();
    const environment = readFileSync(`/proc/${String(engine)}/environ`, 'utf8');
    const names = environment.split('\0').flatMap((entry) => (entry === '' ? [] : [entry.split('=')[0] ?? '']));
    expect(names.filter((name) => !name.startsWith('NODE_CHANNEL_') && name !== 'LD_LIBRARY_PATH')).toEqual([]);
    expect(readFileSync(`/proc/${String(engine)}/cmdline`, 'utf8')).not.toContain(link.split('#')[1]);
  });

  it.each(['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const)(
    'that dies of %s costs a reconnect: the app lives, and its phone comes back without a question',
    async (signal) => {
      const { app, pid, phone, engine } = await connected();
      process.kill(engine, signal);
      await app.next(event('peer', { state: 'disconnected' }));
      await app.next(event('peer', { state: 'connected' }));
      await phone.reaches(isStatus('connected'));
      expect(engineProcessesOf(pid)).toHaveLength(1);
      expect(engineProcessesOf(pid)).not.toContain(engine);
      expect(app.seen().filter(event('pair_prompt'))).toEqual([]);
      expect(app.errors()).toBe('');
      app.send({ command: 'quit' });
      expect(await app.ended()).toBe(0);
    },
    backWithinMs,
  );

  it(
    'that hangs is ended, and costs a reconnect as well',
    async () => {
      const { app, pid, phone, engine } = await connected();
      process.kill(engine, 'SIGSTOP');
      await app.next(event('peer', { state: 'disconnected' }));
      await app.next(event('peer', { state: 'connected' }));
      await phone.reaches(isStatus('connected'));
      expect(isRunning(engine)).toBe(false);
      expect(engineProcessesOf(pid)).toHaveLength(1);
      expect(app.seen().filter(event('pair_prompt'))).toEqual([]);
      expect(app.errors()).toBe('');
    },
    backWithinMs,
  );

  it('does not outlive an app that is killed', async () => {
    const { app, engine } = await connected();
    await app.stop('SIGKILL');
    await expect.poll(() => isRunning(engine), { timeout: 5000 }).toBe(false);
  });

  it.each([
    ['that is told to quit', false],
    ['that is told to quit while the engine hangs', true],
  ])('does not outlive an app %s, which ends with status 0 within two seconds', async (_, hangs) => {
    const { app, engine } = await connected();
    if (hangs) process.kill(engine, 'SIGSTOP');
    const begun = performance.now();
    app.send({ command: 'quit' });
    expect(await app.ended()).toBe(0);
    expect(performance.now() - begun).toBeLessThan(2000);
    await expect.poll(() => isRunning(engine), { timeout: 5000 }).toBe(false);
  });

  it('stays for the goodbye at a signal that a terminal sends to all of the program', async () => {
    const { app, engine, phone } = await connected();
    for (const pid of [engine, Number(app.child.pid)]) process.kill(pid, 'SIGINT');
    expect(await phone.reaches(isStatus('ended'))).toMatchObject({ reason: 'closed_by_desktop' });
    expect(await app.ended()).toBe(0);
  });
});
