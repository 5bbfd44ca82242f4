import { allRights } from '@proxim/control';
import { type DirectChannel, DesktopPeer } from '@proxim/peer';
import { nodeEnvironment, unloadNodeRtcEngine } from '@proxim/peer/node';
import { makeLink } from '@proxim/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Command, event, runProxim } from '../../apps/desktop/test/support/command.js';
import { texts } from '../../apps/mobile/src/texts/en.js';
import { startPhone, type TestBrowser } from '../support/browsers.js';

/** The page comes from an honest server; the computer whose code was scanned is hostile. */
describe('a hostile computer', () => {
  let server: Command;
  let desktop: DesktopPeer;
  let phone: TestBrowser;
  const channels = new Map<string, DirectChannel>();
  const upset: string[] = [];
  let wake: () => void = () => undefined;

  const channel = (label: string): DirectChannel => {
    const found = channels.get(label);
    if (!found) throw new Error(`there is no channel ${label}`);
    return found;
  };
  const say = (message: object | string): boolean =>
    channel('control').send(typeof message === 'string' ? message : JSON.stringify(message));

  const heading = () => phone.page.locator('h1');
  const offers = (): Promise<number> =>
    phone.page.evaluate(() => (globalThis as unknown as { connectionsMade: number }).connectionsMade);

  beforeAll(async () => {
    server = runProxim(['serve', '--json', '--web', '--port', '0']);
    const { port } = await server.next(event('listening'));
    const page = `http://127.0.0.1:${String(port)}`;
    desktop = new DesktopPeer({
      environment: nodeEnvironment(),
      url: `ws://127.0.0.1:${String(port)}/signal`,
      unverified: 'refuse',
      sessionTtlSeconds: 900,
    });
    desktop.on('prompt', ({ sessionID, promptID }) => {
      desktop.approve(sessionID, { promptID });
    });
    desktop.on('channel', ({ channel: opened }) => {
      channels.set(opened.label, opened);
      wake();
    });
    const announced = new Promise<void>((resolve) => {
      desktop.on('session', () => {
        resolve();
      });
    });
    desktop.start();
    const sessionID = desktop.createSession({ sessionType: 'persistent' });
    await announced;
    phone = await startPhone({});
    phone.page.on('pageerror', (error) => upset.push(error.message));
    phone.page.on('console', (line) => {
      if (line.type() === 'error') upset.push(line.text());
    });
    phone.page.on('dialog', (dialog) => {
      upset.push(dialog.message());
      void dialog.dismiss();
    });
    await phone.context.addInitScript(() => {
      const counted = globalThis as unknown as { connectionsMade: number };
      counted.connectionsMade = 0;
      const Original = RTCPeerConnection;
      Object.assign(globalThis, {
        RTCPeerConnection: class extends Original {
          constructor(configuration?: RTCConfiguration) {
            super(configuration);
            counted.connectionsMade += 1;
          }
        },
      });
    });
    const link = makeLink(desktop.link(sessionID, { origin: page, computerName: '<img src=x onerror=alert(1)>' }));
    await phone.page.goto(link);
    await phone.page.getByRole('button', { name: texts.ready.ask }).click();
    await phone.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
    await new Promise<void>((resolve) => {
      wake = () => {
        if (channels.has('control') && channels.has('motion')) resolve();
      };
      wake();
    });
  });

  afterAll(async () => {
    desktop.stop();
    await phone.close();
    await server.stop();
    await unloadNodeRtcEngine();
  });

  it('is shown as text, whatever it calls itself, and not at all with a name that cannot be', async () => {
    const name = '<b onclick=alert(1)>Desk</b>&amp;<script>alert(2)</script>';
    say({ type: 'hello', version: 1, name });
    await expect.poll(() => heading().textContent()).toBe(name);
    for (const bad of ['Desk\u202e', 'x'.repeat(10_000), '', null, { name }]) {
      say({ type: 'hello', version: 1, name: bad });
    }
    say({ type: 'hello', version: 1, name: 'Desk' });
    await expect.poll(() => heading().textContent()).toBe('Desk');
    expect(await phone.page.locator('main script, main img, main b').count()).toBe(0);
  });

  it('can say what is no message, and unknown reasons, and the page goes on', async () => {
    const odd = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '{"type":"__proto__"}',
      '{"type":"constructor"}',
      '{"type":"control_state"}',
      '{"type":"control_state","ready":"yes"}',
      '{"type":"control_state","ready":true,"may":null,"has":[]}',
      '['.repeat(30_000),
      'x'.repeat(65_000),
    ];
    for (const message of odd) say(message);
    channel('control').send(new Uint8Array(1000));
    channel('motion').send('{"type":"hello"}');
    say({ type: 'control_state', ready: false, reason: 'constructor', may: allRights });
    await phone.page.getByText(texts.connected.problem('constructor')).waitFor();
    say({ type: 'control_state', ready: true, may: allRights });
    await phone.page.getByText(texts.connected.problem('constructor')).waitFor({ state: 'detached' });
  });

  it('cannot keep the page busy with floods', async () => {
    for (let count = 0; count < 20_000; count += 1) {
      say({ type: 'control_state', ready: false, reason: count % 2 === 0 ? 'paused' : 'no_screen' });
      if (count % 10 === 0) channel('motion').send(new Uint8Array(21));
    }
    // A phone that heard no sign of life behind so much makes a new connection: what is said last is said on that one.
    const lastWord = (): Promise<string | null> => {
      say({ type: 'hello', version: 1, name: 'Desk after the flood' });
      say({ type: 'control_state', ready: true, may: allRights });
      return heading().textContent();
    };
    await expect.poll(lastWord, { timeout: 30_000 }).toBe('Desk after the flood');
    await phone.page.getByText(texts.connected.problem('paused')).waitFor({ state: 'detached' });
  });

  it('cannot make the phone offer a connection for each time that it asks for one', async () => {
    const before = await offers();
    for (let count = 0; count < 2000; count += 1) desktop.networkChanged();
    say({ type: 'hello', version: 1, name: 'Desk that asked' });
    await expect.poll(() => heading().textContent()).toBe('Desk that asked');
    expect((await offers()) - before).toBeLessThanOrEqual(30);
    await phone.page.getByLabel(texts.connected.connected, { exact: true }).waitFor();
  });

  it('says that it sleeps, and is still there, as often as it likes: the page stays', async () => {
    for (let count = 0; count < 2000; count += 1) {
      desktop.goToSleep();
      desktop.networkChanged();
    }
    await phone.page.getByLabel(texts.connected.connected, { exact: true }).waitFor({ timeout: 30_000 });
  });

  it('has broken nothing in the page', () => {
    expect(upset).toEqual([]);
  });
});
