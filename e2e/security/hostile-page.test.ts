import { hostname } from 'node:os';

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startXScreen, type XScreen } from '../../apps/desktop/test/support/x-screen.js';
import { texts } from '../../apps/mobile/src/texts/en.js';
import { startPhone, startWindowBrowser, type TestBrowser } from '../support/browsers.js';
import { makeTwoHosts, type TwoHosts } from '../support/hosts.js';
import { type Proxim, startProxim } from '../support/proxim.js';
import { attackFromPage, type Attempt, successes, type Target } from './attacks.js';
import { type HostileBrowser, type HostileHost, startHostileBrowser, startHostileHost } from './hostile-stage.js';
import { attackAll, openWithoutOrigin } from './hostile-visits.js';

const machineName = hostname().toLowerCase();
/** What a name that was rebound may read: the same line whoever asks, and nothing of ours. */
const refusal = 'read 403 This address is not answered here.';
const framedRefusal = 'read This address is not answered here.';

describe('a hostile page that knows both ports', () => {
  let hosts: TwoHosts;
  let screen: XScreen;
  let proxim: Proxim;
  let ui: URL;
  let port: number;
  let link: URL;
  let window: TestBrowser;
  let phone: TestBrowser;
  let near: HostileHost;
  let far: HostileHost;
  let rebound: readonly HostileHost[];
  let hostile: HostileBrowser;
  /** What the two honest pages asked for. */
  const requested: string[] = [];

  beforeAll(async () => {
    hosts = makeTwoHosts();
    screen = await startXScreen();
    const { namespace, address } = hosts.desk;
    proxim = startProxim({ args: ['--address', address], display: screen.display, namespace });
    const listening = await proxim.next('listening');
    ui = new URL(String(listening['ui']));
    port = Number(listening['port']);
    link = new URL(String((await proxim.next('session'))['link']));
    near = await startHostileHost(namespace, '127.0.0.1');
    far = await startHostileHost(hosts.phone.namespace, hosts.phone.address);
    rebound = [await startHostileHost(namespace, '127.0.0.1'), await startHostileHost(namespace, '127.0.0.1')];
    hostile = await startHostileBrowser({
      namespace,
      rules: [
        `MAP evil.example:${ui.port} 127.0.0.1:${String(rebound[0]?.port)}`,
        `MAP evil.example:${String(port)} 127.0.0.1:${String(rebound[1]?.port)}`,
        'MAP loopback.evil.example 127.0.0.1',
        `MAP lan.evil.example ${address}`,
        `MAP ${machineName} ${address}`,
        `MAP ${machineName}.local ${address}`,
      ],
    });
    window = await startWindowBrowser({ display: screen.display, namespace });
    phone = await startPhone({ namespace: hosts.phone.namespace });
    for (const { context } of [window, phone]) {
      context.on('request', (request) => requested.push(request.url()));
      context.on('page', watchSockets);
    }
    watchSockets(window.page);
    watchSockets(phone.page);
    await window.page.goto(ui.href);
    await window.page.getByRole('img', { name: 'QR code' }).waitFor();
  });

  afterAll(async () => {
    await hostile.close();
    await phone.close();
    await window.close();
    for (const host of [near, far, ...rebound]) await host.stop();
    await proxim.stop();
    await screen.stop();
    hosts.remove();
  });

  afterEach(async () => {
    // The answer to a question of ours comes behind whatever the program had to say before.
    proxim.send({ command: 'close', sessionID: 'nothing-here' });
    await proxim.next('error', { code: 'session_not_found' });
    expect(proxim.seen()).toEqual([]);
  });

  const watchSockets = (page: Page): void => {
    page.on('websocket', (socket) => requested.push(socket.url()));
  };

  const targets = (hostNames: readonly string[]): readonly Target[] =>
    hostNames.flatMap((name) => [
      { base: `http://${name}:${ui.port}`, files: ['/index.html', '/icon.svg'] },
      { base: `http://${name}:${String(port)}`, files: ['/index.html'] },
    ]);

  const expectNoSecretIn = (attempts: readonly Attempt[]): void => {
    const seen = JSON.stringify(attempts);
    expect(seen).not.toContain(ui.hash.slice(1));
    expect(seen).not.toContain(String(new URLSearchParams(link.hash.slice(1)).get('k')));
  };

  it('would read, load and open whatever a server lets it: the attacks are real', async () => {
    const base = `http://127.0.0.1:${String(near.port)}`;
    const attempts = await attackAll(hostile.context, base, [{ base, files: ['/icon.svg', '/thing.js'] }]);
    const outcomes = new Set(
      successes(attempts).map(({ what, outcome }) => `${what}: ${outcome.replace(/^read .*$/s, 'read')}`),
    );
    expect(outcomes).toEqual(
      new Set([
        'fetch: read',
        'fetch with credentials: read',
        'fetch no-cors: read',
        'fetch no-cors POST: read',
        'fetch POST: read',
        'fetch with a preflight: read',
        'WebSocket: opened',
        'WebSocket with a subprotocol: opened',
        'one of many WebSockets: opened',
        'script: loaded',
        'module: loaded',
        'img: loaded',
        'stylesheet: loaded',
        'object: loaded',
        'service worker: registered',
        'iframe: read',
        'form POST: read',
      ]),
    );
  });

  const nearUrl = (): string => `http://127.0.0.1:${String(near.port)}/`;

  const hereNames = ['127.0.0.1', 'localhost', '[::1]', machineName, `${machineName}.local`];
  const ownNames = (): readonly string[] => [hosts.desk.address, ...hereNames];
  const foreignNames = ['loopback.evil.example', 'lan.evil.example'];

  it('[TR12] reaches the phone’s listener by its own names alone, and the window’s on this machine alone', async () => {
    const statuses: Record<string, number | undefined> = {};
    for (const { base } of targets([...ownNames(), ...foreignNames])) {
      // Each has a page of its own: what a browser shows of a failure comes late, and in the way of what is asked next.
      const page = await hostile.context.newPage();
      const response = await page.goto(`${base}/`).catch(() => null);
      const { hostname: name, port: at } = new URL(base);
      statuses[`${name} ${at === ui.port ? 'window' : 'phone'}`] = response?.status();
      await page.close();
    }
    const expected = Object.fromEntries(
      [...ownNames(), ...foreignNames].flatMap((name) => [
        [`${name} phone`, foreignNames.includes(name) ? 403 : 200],
        // It listens on 127.0.0.1 and nowhere else; a name that was pointed there is refused.
        [`${name} window`, { '127.0.0.1': 200, localhost: 200, 'loopback.evil.example': 403 }[name]],
      ]),
    );
    expect(statuses).toEqual(expected);
  });

  it.each([
    [
      'on another port of this machine',
      nearUrl,
      () => [...ownNames(), ...foreignNames, '0.0.0.0', '[::ffff:127.0.0.1]'],
    ],
    [
      'of another host',
      () => `http://${hosts.phone.address}:${String(far.port)}/`,
      () => ['127.0.0.1', 'localhost', hosts.desk.address, 'lan.evil.example'],
    ],
  ])('[TR11] [TR12] %s gets nothing from either listener, by whichever name', async (_where, url, names) => {
    const attempts = await attackAll(hostile.context, url(), targets(names()));
    expect(successes(attempts)).toEqual([]);
    expectNoSecretIn(attempts);
  });

  it('[TR12] whose name was rebound to a listener reads one line that refuses, and opens no WebSocket', async () => {
    const aims = targets(['evil.example']);
    const pages = await Promise.all(aims.map(() => hostile.context.newPage()));
    for (const [index, page] of pages.entries()) {
      await page.goto(`${String(aims[index]?.base)}/`);
      expect(await page.title()).toBe('A page');
    }
    await rebound[0]?.turn({ address: '127.0.0.1', port: Number(ui.port) });
    await rebound[1]?.turn({ address: hosts.desk.address, port });
    const attempts = (
      await Promise.all(pages.map((page, index) => page.evaluate(attackFromPage, aims[index]!)))
    ).flat();
    // It did come through: this is what it reads.
    expect(attempts.filter(({ outcome }) => outcome === refusal).length).toBeGreaterThan(0);
    expect(successes(attempts, [refusal, framedRefusal])).toEqual([]);
    for (const page of pages) await page.close();
  });

  it.each(['a sandboxed frame', 'a data: page', 'a file'] as const)(
    '[TR11] in %s has the origin null, and gets nothing',
    async (where) => {
      const attempts = await Promise.all(
        targets(['127.0.0.1', hosts.desk.address]).map(async (target) => {
          const frame = await openWithoutOrigin(hostile, where, nearUrl());
          expect(await frame.evaluate(() => self.origin)).toBe('null');
          const found = await frame.evaluate(attackFromPage, target);
          await frame.page().close();
          return found;
        }),
      );
      expect(successes(attempts.flat())).toEqual([]);
      expectNoSecretIn(attempts.flat());
    },
  );

  it('frames neither page', async () => {
    const page = await hostile.context.newPage();
    await page.goto(nearUrl());
    await page.evaluate(
      (sources) =>
        Promise.all(
          sources.map((src) => {
            const frame = document.createElement('iframe');
            return new Promise((resolve) => {
              frame.onload = resolve;
              frame.src = src;
              document.body.append(frame);
            });
          }),
        ),
      [ui.origin, ui.href, link.origin, link.href],
    );
    // The test hears of where they ended a moment after the page does.
    const framed = () => page.frames().slice(1);
    await expect
      .poll(() => framed().map((frame) => frame.url()))
      .toEqual(Array.from({ length: 4 }, () => 'chrome-error://chromewebdata/'));
    await page.close();
  });

  it('that opens either page in a tab cannot look into it, and none of them asks for anything by itself', async () => {
    const page = await hostile.context.newPage();
    await page.goto(nearUrl());
    const sockets: string[] = [];
    const own = [`${ui.origin}/`, `http://127.0.0.1:${String(port)}/`, `http://${hosts.desk.address}:${String(port)}/`];
    for (const url of own) {
      const opening = hostile.context.waitForEvent('page');
      await page.evaluate((to) => Object.assign(globalThis, { opened: open(to) }), url);
      const opened = await opening;
      opened.on('websocket', (socket) => sockets.push(socket.url()));
      await opened.waitForLoadState();
      await opened.locator('h1').first().waitFor();
      const seen = await page.evaluate(() => {
        const { opened: other } = globalThis as typeof globalThis & { opened: Window };
        const read = (what: () => unknown): unknown => {
          try {
            return what();
          } catch {
            return 'refused';
          }
        };
        other.postMessage({ command: 'create', type: 'pair_request' }, '*');
        return {
          isCutOff: other.closed,
          document: other.closed ? 'refused' : read(() => other.document.title),
          address: other.closed ? 'refused' : read(() => other.location.href),
        };
      });
      // Browsers heed Cross-Origin-Opener-Policy on https and on the machine itself; elsewhere the same origin alone keeps out.
      expect(seen, url).toEqual({ isCutOff: url.includes('//127.'), document: 'refused', address: 'refused' });
      await opened.close();
    }
    // The window's page without its token, and the phone's without a code, talk to nobody.
    expect(sockets).toEqual([]);
    await page.close();
  });

  it('does not keep an honest phone and window from each other, and asks no other host meanwhile', async () => {
    const aims = targets(['127.0.0.1', hosts.desk.address]);
    const attacks = [
      attackAll(hostile.context, nearUrl(), aims),
      attackAll(phone.context, `http://${hosts.phone.address}:${String(far.port)}/`, [
        { base: link.origin, files: ['/index.html'] },
      ]),
    ];
    await phone.page.goto(link.href);
    await phone.page.getByRole('button', { name: 'Ask to connect' }).click();
    expect(await proxim.next('pair_prompt')).toMatchObject({ verified: true });
    await window.page.getByRole('button', { name: 'Approve' }).click();
    await proxim.next('peer', { state: 'connecting' });
    await proxim.next('peer', { state: 'connected' });
    const pad = phone.page.getByRole('application', { name: texts.connected.touchpad });
    await pad.waitFor();
    expect(successes((await Promise.all(attacks)).flat())).toEqual([]);
    // Once more, now that there is something to end or to take over.
    expect(successes(await attackAll(hostile.context, nearUrl(), aims))).toEqual([]);
    expect(await pad.count()).toBe(1);
    await window.page.getByRole('button', { name: 'End session' }).waitFor();

    const attackers = [near.port, far.port].map(String);
    const honest = requested.map((url) => new URL(url)).filter((url) => !attackers.includes(url.port));
    const asked = new Set(honest.filter((url) => !['data:', 'blob:'].includes(url.protocol)).map(({ host }) => host));
    expect(asked).toEqual(new Set([ui.host, link.host]));
  });
});
