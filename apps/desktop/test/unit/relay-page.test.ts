import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createSignalingServer } from '@proxim/signaling';
import { describe, expect, it, onTestFinished } from 'vitest';

import { askRelay, type AskRelay } from '../../src/host/ask-relay.js';
import { RelayPage } from '../../src/host/relay-page.js';

const here = 'http://192.168.1.7:47800';

/** A server on a port of its own, until the test ends. */
const listen = async (answer: RequestListener): Promise<URL> => {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
};

/** A desktop's side of it, and what it told. */
const begin = (signaling: string, wanted: 'desktop' | 'relay', ask: AskRelay) => {
  const told: string[] = [];
  let changes = 0;
  const page = new RelayPage({
    signaling,
    wanted,
    ask,
    onChange: () => (changes += 1),
    onProblem: ({ code }) => told.push(code),
  });
  return { page, told, changes: () => changes };
};

describe('asking a server whether it serves the phone’s page', () => {
  it.each([
    ['page', 200, { 'Proxim-Page': '1' }],
    ['no_page', 200, {}],
    ['no_page', 200, { 'Proxim-Page': '2' }],
    ['no_page', 404, { 'Proxim-Page': '1' }],
    ['no_page', 302, { 'Proxim-Page': '1', Location: 'http://127.0.0.1:1/' }],
    ['refused', 403, {}],
  ] as const)('finds %s at status %i with %j', async (found, status, headers) => {
    const url = await listen((_, response) => response.writeHead(status, headers).end());
    expect(await askRelay(url)).toBe(found);
  });

  it('takes nothing of the body, however much comes', async () => {
    let isCut = false;
    const url = await listen((_, response) => {
      response.writeHead(200, { 'Proxim-Page': '1' });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more).on('close', () => (isCut = true));
      more();
    });
    expect(await askRelay(url)).toBe('page');
    await expect.poll(() => isCut).toBe(true);
  });

  it('takes headers without end, no answer and nobody there for no server', async () => {
    const long = await listen((_, response) => response.writeHead(200, { x: 'y'.repeat(17_000) }).end());
    const silent = await listen(() => undefined);
    const gone = await listen(() => undefined);
    gone.port = '1';
    expect(await Promise.all([long, silent, gone].map((url) => askRelay(url)))).toEqual(
      Array.from({ length: 3 }, () => 'unreachable'),
    );
  });

  it('hears from our own server that a page of another origin is refused', async () => {
    const server = createSignalingServer();
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const url = new URL(`http://127.0.0.1:${String(port)}/signal`);
    expect(await askRelay(url, here)).toBe('refused');
    expect(await askRelay(url)).toBe('no_page');
  });
});

describe('whose page the code leads to', () => {
  it.each([
    ['wss://relay.example', { origin: 'https://relay.example' }],
    ['ws://relay.example:8080/signal', { origin: 'http://relay.example:8080' }],
    ['wss://relay.example/phones', { origin: 'https://relay.example', signaling: 'wss://relay.example/phones' }],
  ])('is that of %s, where it is wanted and there', async (signaling, elsewhere) => {
    const asked: string[] = [];
    const { page, told } = begin(signaling, 'relay', ({ href }) => {
      asked.push(href);
      return Promise.resolve('page');
    });
    await page.find();
    expect(page.elsewhere).toEqual(elsewhere);
    await page.linkShown(`${elsewhere.origin}/#v=1`);
    expect(asked).toEqual([`${elsewhere.origin}/`]);
    expect(told).toEqual([]);
  });

  it('is this computer’s where nobody asked for another, whatever that server says of itself', async () => {
    const { page } = begin('wss://relay.example', 'desktop', () => Promise.resolve('page'));
    await page.find();
    await page.linkShown(`${here}/#v=1`);
    expect(page.elsewhere).toBeNull();
    expect(page.problemWith(here)).toBeNull();
  });

  it('is this computer’s where there is no other, and the user is told once', async () => {
    const { page, told } = begin('wss://relay.example', 'relay', () => Promise.resolve('no_page'));
    await page.find();
    await page.linkShown(`${here}/#v=1`);
    expect(page.elsewhere).toBeNull();
    expect(told).toEqual(['no_relay_page']);
  });

  it('is found out later where the server could not be reached at first', async () => {
    let answer: 'unreachable' | 'page' = 'unreachable';
    const { page, told, changes } = begin('wss://relay.example', 'relay', () => Promise.resolve(answer));
    await page.find();
    expect([page.elsewhere, changes()]).toEqual([null, 0]);
    answer = 'page';
    await Promise.all(['1', '2'].map((code) => page.linkShown(`${here}/#v=${code}`)));
    expect(page.elsewhere).toEqual({ origin: 'https://relay.example' });
    expect(changes()).toBe(1);
    expect(told).toEqual([]);
  });
});

describe('a server that lets no phone in from this computer’s page', () => {
  const refuses: AskRelay = (_, origin) => Promise.resolve(origin === here ? 'refused' : 'no_page');

  it('is told of once, with the flag for its operator', async () => {
    const { page, told, changes } = begin('wss://relay.example', 'desktop', refuses);
    for (const code of ['1', '2']) await page.linkShown(`${here}/#v=${code}`);
    expect(told).toEqual(['page_refused']);
    expect(changes()).toBe(1);
    expect(page.problemWith(here)).toContain(`proxim serve --allow-origin ${here}`);
    expect(page.problemWith('http://192.168.1.8:47800')).toBeNull();
  });

  it('is another thing than one that refuses everybody', async () => {
    const { page, told } = begin('wss://relay.example', 'desktop', () => Promise.resolve('refused'));
    await page.linkShown(`${here}/#v=1`);
    expect(told).toEqual([]);
  });
});
