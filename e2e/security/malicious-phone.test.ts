import { readFileSync } from 'node:fs';

import { emptyMotionSum } from '@proxim/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Command, event, runProxim } from '../../apps/desktop/test/support/command.js';
import { isStatus, type NodePhone, startNodePhone } from '../../apps/desktop/test/support/node-phone.js';
import { observeScreen, type XObserver } from '../../apps/desktop/test/support/x-observer.js';
import { startXScreen, type XScreen } from '../../apps/desktop/test/support/x-screen.js';
import { texts } from '../../apps/mobile/src/texts/en.js';
import { startPhone, type TestBrowser } from '../support/browsers.js';
import { misuse, type Misuse, seizeConnections } from './malicious-phone-page.js';

/** Resident megabytes that the app may grow by, whatever a phone sends: a garbage collector's leisure included. */
const maxGrowthMb = 400;

/** The user has approved this phone, and it is hostile: what it may do is its user's right, what it breaks is not. */
describe('a hostile phone that was approved', () => {
  let screen: XScreen;
  let observer: XObserver;
  let app: Command;
  let honest: NodePhone;
  let hostile: TestBrowser;
  let link = '';
  let sessionID = '';
  let honestSession = '';
  let before = 0;
  let questions = 0;

  const residentMb = (): number => {
    const status = readFileSync(`/proc/${String(app.child.pid)}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  };

  /** The event loop goes on: whatever was asked before this has been answered. */
  const answers = async (): Promise<void> => {
    questions += 1;
    app.send({ command: 'close', sessionID: `nothing-${String(questions)}` });
    await app.next(event('error', { code: 'session_not_found' }));
  };

  const approve = async (session: string): Promise<void> => {
    const { promptID } = await app.next(event('pair_prompt', { sessionID: session }));
    app.send({ command: 'approve', sessionID: session, promptID });
    await app.next(event('peer', { sessionID: session, state: 'connected' }));
  };

  const newSession = async (): Promise<{ sessionID: string; link: string }> => {
    app.send({ command: 'create', sessionType: 'persistent' });
    const { sessionID: made, link: madeLink } = await app.next(event('session', { sessionType: 'persistent' }));
    return { sessionID: String(made), link: String(madeLink) };
  };

  /** The honest phone presses a button, and lets it go: the screen hears of both. */
  const honestPhoneControls = async (): Promise<void> => {
    observer.take('ButtonPress', 'ButtonRelease');
    const { totals } = emptyMotionSum;
    const control = await honestControl;
    for (const pressed of [true, false]) {
      control.send(JSON.stringify({ type: 'button', button: 'middle', pressed, at: totals }));
    }
    for (;;) if ((await observer.next('ButtonPress'))['keycode'] === 2) break;
    for (;;) if ((await observer.next('ButtonRelease'))['keycode'] === 2) break;
  };
  let honestControl: Promise<{ send(data: string): boolean }>;

  /** Nobody presses anything on the screen. */
  const nothingIsHeld = async (): Promise<void> => {
    await expect.poll(() => observer.keysDown(), { timeout: 20_000 }).toEqual([]);
    await expect.poll(async () => (await observer.pointer()).modifiers, { timeout: 20_000 }).toBe(0);
  };

  beforeAll(async () => {
    screen = await startXScreen();
    observer = await observeScreen(screen.display);
    await observer.cover();
    app = runProxim(['--json', '--no-open', '--port', '0', '--host', '127.0.0.1'], {
      env: { DISPLAY: screen.display },
    });
    await app.next(event('session'));
    const good = await newSession();
    honestSession = good.sessionID;
    honest = startNodePhone(good.link);
    honestControl = new Promise((resolve) => {
      honest.peer.on('channel', (channel) => {
        if (channel.label === 'control') resolve(channel);
      });
    });
    await approve(honestSession);
    await honest.reaches(isStatus('connected'));
    ({ sessionID, link } = await newSession());
    hostile = await startPhone({});
    await hostile.context.addInitScript(seizeConnections);
    await hostile.page.goto(link);
    await hostile.page.getByRole('button', { name: texts.ready.ask }).click();
    await approve(sessionID);
    await hostile.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
    before = residentMb();
  });

  afterAll(async () => {
    honest.peer.leave();
    await hostile.close();
    await app.stop();
    await observer.close();
    await screen.stop();
  });

  it.each<Misuse>(['odd channels', 'large messages', 'floods', 'short channels', 'many channels', 'media'])(
    'breaks nothing by %s',
    async (kind) => {
      await hostile.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
      expect(await hostile.page.evaluate(misuse, kind)).toBeGreaterThan(0);
      await answers();
      await honestPhoneControls();
      expect(residentMb() - before).toBeLessThan(maxGrowthMb);
      // Loaded anew it comes back by itself, whatever became of its connection.
      await hostile.page.reload();
      await hostile.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
      await nothingIsHeld();
    },
  );

  it('breaks nothing by thirty offers at once', async () => {
    const made = await newSession();
    const offering = startNodePhone(made.link);
    await approve(made.sessionID);
    await offering.reaches(isStatus('connected'));
    for (let count = 0; count < 30; count += 1) offering.peer.networkChanged();
    await answers();
    await honestPhoneControls();
    offering.peer.leave();
    app.send({ command: 'close', sessionID: made.sessionID });
    await app.next(event('session_closed', { sessionID: made.sessionID }));
    expect(residentMb() - before).toBeLessThan(maxGrowthMb);
  });

  it('breaks nothing while its session ends, and leaves nothing pressed', async () => {
    const flooding = hostile.page.evaluate<number, Misuse>(misuse, 'floods').catch(() => 0);
    await answers();
    app.send({ command: 'close', sessionID });
    await app.next(event('session_closed', { sessionID }));
    await hostile.page.goto('about:blank');
    await flooding;
    await answers();
    await nothingIsHeld();
    await honestPhoneControls();
  });

  it('has not ended, restarted or upset the program', async () => {
    expect(app.child.exitCode).toBeNull();
    expect(app.errors()).toBe('');
    expect(honest.peer.state.status).toBe('connected');
    expect(await app.stop()).toBe(0);
  });
});
