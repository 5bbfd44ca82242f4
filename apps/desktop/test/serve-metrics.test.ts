import { readFile } from 'node:fs/promises';
import { request } from 'node:http';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { WireClient } from '../../../conformance/src/wire-client.js';
import { startNats } from '../../../packages/signaling/test/nats-process.js';
import { pairOver } from './support/wire-pairing.js';
import { type Command, event, runProxim } from './support/command.js';
import { type Metric, readExposition, valueOf } from './support/exposition.js';

/** Everything that a watcher sees of one `proxim serve`. */
interface Watched {
  readonly command: Command;
  readonly url: string;
  readonly origin: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  metrics(): Promise<ReadonlyMap<string, Metric>>;
}

let running: Command | undefined;

afterEach(async () => {
  await running?.stop('SIGKILL');
  running = undefined;
});

const serve = async (...args: readonly string[]): Promise<Watched> => {
  const command = runProxim(['serve', '--json', '--port', '0', '--metrics-port', '0', ...args]);
  running = command;
  const { url, metricsPort } = await command.next(event('listening'));
  const origin = `http://127.0.0.1:${String(metricsPort)}`;
  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${origin}${path}`, init);
  return {
    command,
    url: String(url),
    origin,
    get,
    metrics: async () => readExposition(await (await get('/metrics')).text()),
  };
};

const statusFor = (origin: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${origin}/metrics`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('proxim serve --metrics-port', () => {
  it('counts a pairing from the first socket to the last', async () => {
    const watched = await serve();
    const { desktop, phone, signal, close } = await pairOver(watched.url);
    const during = await watched.metrics();
    expect(valueOf(during, 'proxim_connections', { role: 'desktop' })).toBe(1);
    expect(valueOf(during, 'proxim_connections', { role: 'mobile' })).toBe(1);
    expect(valueOf(during, 'proxim_connections', { role: 'none' })).toBe(0);
    expect(valueOf(during, 'proxim_sessions', { state: 'paired' })).toBe(1);
    expect(valueOf(during, 'proxim_sessions', { state: 'open' })).toBe(0);
    expect(valueOf(during, 'proxim_pairing_requests_total')).toBe(1);
    expect(valueOf(during, 'proxim_pairings_total', { result: 'approved' })).toBe(1);
    expect(valueOf(during, 'proxim_pairing_seconds_count')).toBe(1);

    const frame = JSON.stringify(signal);
    for (let index = 0; index < 3; index += 1) {
      phone.send(frame);
      await desktop.next('signal');
    }
    desktop.send('not JSON');
    await desktop.next('error');
    desktop.send(close);
    await desktop.next('session_closed');
    await phone.leave(1000);
    await desktop.lose();
    await vi.waitFor(async () =>
      expect(valueOf(await watched.metrics(), 'proxim_connections', { role: 'desktop' })).toBe(0),
    );
    const after = await watched.metrics();
    expect(valueOf(after, 'proxim_relayed_messages_total')).toBe(3);
    expect(valueOf(after, 'proxim_relayed_bytes_total')).toBe(3 * Buffer.byteLength(frame));
    expect(valueOf(after, 'proxim_errors_total', { code: 'bad_message' })).toBe(1);
    expect(valueOf(after, 'proxim_sessions', { state: 'paired' })).toBe(0);
    expect(valueOf(after, 'proxim_sessions_closed_total', { reason: 'closed_by_desktop' })).toBe(1);
    expect(valueOf(after, 'proxim_connections_closed_total', { role: 'mobile', code: '1000' })).toBe(1);
    expect(valueOf(after, 'proxim_connections_closed_total', { role: 'desktop', code: '1006' })).toBe(1);
    expect(valueOf(after, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  it('takes no label from the wire', async () => {
    const watched = await serve();
    const { desktop, phone, sessionID, request: asked } = await pairOver(watched.url, 'a_word_of_ones_own');
    await phone.leave(4321);
    await desktop.leave();
    const port = new URL(watched.url).port;
    expect((await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-odd': sessionID } })).status).toBe(200);
    await vi.waitFor(async () =>
      expect(valueOf(await watched.metrics(), 'proxim_connections', { role: 'desktop' })).toBe(0),
    );
    const text = await (await watched.get('/metrics')).text();
    expect(text).toContain('proxim_pairings_total{result="other"} 1');
    expect(text).toContain('proxim_connections_closed_total{role="mobile",code="other"} 1');
    for (const sent of ['a_word_of_ones_own', '4321', sessionID, asked.deviceInfo.name, '127.0.0.1']) {
      expect(text).not.toContain(sent);
    }
  });

  it('answers three paths to GET and HEAD, and nothing else', async () => {
    const { get } = await serve();
    for (const path of ['/metrics', '/healthz', '/readyz']) {
      const answer = await get(path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      const head = await get(path, { method: 'HEAD' });
      expect(head.status, path).toBe(200);
      expect(await head.text()).toBe('');
      expect((await get(path, { method: 'POST' })).status, path).toBe(405);
    }
    expect((await get('/metrics')).headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const path of ['/', '/metrics/', '/signal', '/../metrics2']) expect((await get(path)).status, path).toBe(404);
  });

  it('answers to the names of this machine alone, and elsewhere than on loopback to any', async () => {
    const near = await serve();
    expect(await statusFor(near.origin, { host: 'localhost' })).toBe(200);
    expect(await statusFor(near.origin, { host: 'evil.example' })).toBe(403);
    expect(await statusFor(near.origin, { origin: 'http://evil.example' })).toBe(403);
    await near.command.stop();
    const far = await serve('--metrics-host', '0.0.0.0');
    expect(await statusFor(far.origin, { host: 'proxim.fleet.example' })).toBe(200);
  });

  it('says so when the port is taken, and listens nowhere without the flag', async () => {
    const { origin } = await serve();
    const second = runProxim(['serve', '--port', '0', '--metrics-port', new URL(origin).port]);
    expect(await second.ended()).toBe(1);
    expect(second.errors()).toBe(`proxim: --metrics-port: port ${new URL(origin).port} is taken.\n`);
    await running?.stop();
    running = runProxim(['serve', '--json', '--port', '0']);
    expect(await running.next(event('listening'))).not.toHaveProperty('metricsPort');
  });

  it('is not ready while it has all the connections that it may have', async () => {
    const { url, get } = await serve('--max-connections', '1');
    const client = await WireClient.connect(url);
    const full = await get('/readyz');
    expect(full.status).toBe(503);
    expect(await full.text()).toBe('The server has as many connections as it may.\n');
    await client.leave();
    await vi.waitFor(async () => expect((await get('/readyz')).status).toBe(200));
  });

  it('is not ready while NATS is not reached, and alive all the same', { timeout: 60_000 }, async () => {
    const nats = await startNats();
    const { get, metrics } = await serve('--nats', nats.url);
    expect((await get('/readyz')).status).toBe(200);
    expect(valueOf(await metrics(), 'proxim_nats_connected')).toBe(1);
    await nats.kill();
    await vi.waitFor(async () => expect((await get('/readyz')).status).toBe(503), { timeout: 20_000 });
    expect(await (await get('/readyz')).text()).toBe('NATS is not reached.\n');
    expect(valueOf(await metrics(), 'proxim_nats_connected')).toBe(0);
    expect((await get('/healthz')).status).toBe(200);
    await nats.restart();
    await vi.waitFor(async () => expect((await get('/readyz')).status).toBe(200), { timeout: 20_000 });
  });
});

/** The rows of the tables below a heading of `docs/metrics.md`, without their heads, code marks taken off. */
const rowsBelow = (text: string, heading: string): readonly (readonly string[])[] => {
  const [, from = ''] = text.split(`\n## ${heading}\n`);
  const [section = ''] = from.split('\n## ');
  return [...section.matchAll(/^\| (.+) \|$/gm)]
    .map(([, row = '']) => row.split('|').map((cell) => cell.trim()))
    .filter(([first = '']) => first.startsWith('`'))
    .map(([name = '', ...cells]) => [name.replaceAll('`', ''), ...cells]);
};

const words = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word).sort();

describe('docs/metrics.md', () => {
  it('names every metric there is, with type, labels, their values and meaning, and no other', async () => {
    const nats = await startNats();
    const watched = await serve('--nats', nats.url);
    const { desktop, phone } = await pairOver(watched.url);
    await Promise.all([desktop.leave(), phone.leave()]);
    await vi.waitFor(async () =>
      expect(valueOf(await watched.metrics(), 'proxim_connections_closed_total', { role: 'mobile' })).toBe(1),
    );
    const metrics = await watched.metrics();
    const text = await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const rows = [...rowsBelow(text, 'What Proxim counts'), ...rowsBelow(text, 'The process')];
    expect(rows.map(([name]) => name).sort()).toEqual([...metrics.keys()].sort());

    for (const [name = '', type, labels = '', meaning] of rows) {
      const metric = metrics.get(name)!;
      expect({ name, type, meaning }).toEqual({ name, type: metric.type, meaning: metric.help });
      // Of the process's metrics some have no sample as long as nothing has happened.
      if (name.startsWith('proxim_')) expect(metric.samples, name).not.toEqual([]);
      for (const sample of metric.samples) {
        const named = Object.keys(sample.labels).filter((label) => label !== 'le');
        expect(named.sort(), name).toEqual(words(labels));
      }
    }

    const values = rowsBelow(text, 'Labels');
    for (const { name, samples } of metrics.values()) {
      if (!name.startsWith('proxim_')) continue;
      for (const label of new Set(samples.flatMap((sample) => Object.keys(sample.labels)))) {
        if (label === 'le') continue;
        const seen = [...new Set(samples.map((sample) => sample.labels[label] ?? ''))].sort();
        const [, , documented = ''] =
          values.find(([metric, of = '']) => metric === name && words(of).includes(label)) ?? [];
        // These two appear as they happen; all others stand there from the start.
        if (name === 'proxim_connections_closed_total')
          expect(words(documented), name).toEqual(expect.arrayContaining(seen));
        else expect(words(documented), `${name} ${label}`).toEqual(seen);
      }
    }
  });
});
