import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { unloadNodeRtcEngine } from '@proxim/peer/node';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Command, event, runProxim } from './support/command.js';
import { isStatus, type NodePhone, startNodePhone } from './support/node-phone.js';
import { startSystemBus, type SystemBus } from './support/system-bus.js';
import { observeScreen, type XObserver } from './support/x-observer.js';
import { findWindow, runOnScreen, startXScreen, type XScreen } from './support/x-screen.js';
import { startWindowManager } from './support/x-terminal.js';

/** Whatever ends it: the phone is told, and nothing that it held stays pressed. */
describe('an app that ends, or sleeps, while a phone holds a key', () => {
  let folder: string;
  let bus: SystemBus;
  let screen: XScreen;
  let observer: XObserver;
  let app: Command | undefined;
  let phone: NodePhone | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxim-ends-'));
    bus = await startSystemBus(folder);
    screen = await startXScreen();
    observer = await observeScreen(screen.display);
  });

  afterEach(async () => {
    phone?.peer.leave();
    phone = undefined;
    await app?.stop('SIGKILL');
    await observer.close();
    await screen.stop();
    await bus.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  afterAll(async () => {
    await unloadNodeRtcEngine();
  });

  /** A phone that is connected and holds a key down. */
  const holding = async (...args: readonly string[]): Promise<{ app: Command; phone: NodePhone }> => {
    const started = runProxim(['--json', '--address', '127.0.0.1', '--port', '0', '--data-dir', folder, ...args], {
      env: { DISPLAY: screen.display, DBUS_SYSTEM_BUS_ADDRESS: bus.address },
    });
    app = started;
    const { link, sessionID } = await started.next(event('session'));
    const held = startNodePhone(String(link));
    phone = held;
    const control = new Promise<(text: string) => void>((resolve) => {
      held.peer.on('channel', (channel) => {
        if (channel.label === 'control') resolve((text) => channel.send(text));
      });
    });
    await started.next(event('pair_prompt'));
    started.send({ command: 'approve', sessionID });
    await held.reaches(isStatus('connected'));
    const send = await control;
    // Until the screen is there keys go nowhere; pressing a key that is down changes nothing.
    await expect
      .poll(
        async () => {
          send(JSON.stringify({ type: 'key', code: 'KeyA', key: 'a', pressed: true }));
          return observer.keysDown();
        },
        { timeout: 10_000 },
      )
      .not.toEqual([]);
    return { app: started, phone: held };
  };

  const nothingIsHeld = () => expect.poll(() => observer.keysDown(), { timeout: 10_000 }).toEqual([]);

  it.each(['SIGTERM', 'SIGINT'] as const)('ends at %s with status 0', async (signal) => {
    const { app, phone } = await holding('--no-open');
    app.child.kill(signal);
    expect(await phone.reaches(isStatus('ended'))).toMatchObject({ reason: 'closed_by_desktop' });
    expect(await app.ended()).toBe(0);
    await nothingIsHeld();
  });

  it('ends with status 0 when its input ends', async () => {
    const { app, phone } = await holding('--no-open');
    app.endInput();
    expect(await phone.reaches(isStatus('ended'))).toMatchObject({ reason: 'closed_by_desktop' });
    expect(await app.ended()).toBe(0);
    await nothingIsHeld();
  });

  it('ends with status 0 when its window is closed, and not when that is only loaded anew', async () => {
    const manager = await startWindowManager(screen.display);
    try {
      const { app, phone } = await holding();
      const id = await findWindow(screen.display, '--name', 'Proxim');
      await runOnScreen(screen.display, 'xdotool', 'windowfocus', '--sync', id, 'key', 'F5');
      // The page says again who is there: it has come back.
      await findWindow(screen.display, '--name', 'is connected');
      expect(app.child.exitCode).toBe(null);
      const again = await findWindow(screen.display, '--name', 'Proxim');
      await runOnScreen(screen.display, 'xdotool', 'windowfocus', '--sync', again, 'key', 'alt+F4');
      expect(await phone.reaches(isStatus('ended'))).toMatchObject({ reason: 'closed_by_desktop' });
      expect(await app.ended()).toBe(0);
      await nothingIsHeld();
    } finally {
      await manager.stop();
    }
  });

  it('[CB21] tells its phone that the computer sleeps, and comes back when it wakes up', async () => {
    const { app, phone } = await holding('--no-open');
    await bus.hasListener();
    await bus.prepareForSleep(true);
    expect(await phone.reaches(isStatus('reconnecting'))).toEqual({ status: 'reconnecting', why: 'asleep' });
    await nothingIsHeld();
    await bus.prepareForSleep(false);
    await phone.reaches(isStatus('connected'));
    app.child.kill('SIGTERM');
    expect(await app.ended()).toBe(0);
  });
});
