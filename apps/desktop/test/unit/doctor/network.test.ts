import { loadNodeRtcEngine, unloadNodeRtcEngine } from '@proxim/peer/node';
import { afterAll, describe, expect, it } from 'vitest';

import { portCheck } from '../../../src/doctor/checks/port.js';
import { reachableCheck } from '../../../src/doctor/checks/reachable.js';
import { webrtcCheck } from '../../../src/doctor/checks/webrtc.js';
import type { Check } from '../../../src/doctor/check.js';
import type { Finding } from '../../../src/doctor/finding.js';
import { type ListenFault, type OpenServer, type PortState, tryPort } from '../../../src/doctor/listener.js';
import type { WebAnswer } from '../../../src/doctor/machine.js';

const run = (check: Check): Promise<Finding> => check.run(new AbortController().signal);

/** A machine on which these ports are taken or forbidden. */
const opener =
  (faults: Readonly<Record<number, ListenFault>>): OpenServer =>
  ({ port }) =>
    Promise.resolve(faults[port] ?? { scheme: 'http', port, mark: 'own' });

const page = (body: string, mark?: string): WebAnswer => ({ status: 200, body, mark });

const tried = (options: {
  readonly port?: number;
  readonly faults?: Readonly<Record<number, ListenFault>>;
  readonly answers?: Readonly<Record<string, WebAnswer>>;
}): Promise<PortState> =>
  tryPort({
    open: opener(options.faults ?? {}),
    ask: (url) => Promise.resolve(options.answers?.[url]),
    port: options.port,
    host: undefined,
    hosts: ['127.0.0.1', '192.168.1.7'],
  });

describe('the port', () => {
  const judge = async (state: Promise<PortState>, host?: string, platform: NodeJS.Platform = 'linux') =>
    run(portCheck({ state: () => state, platform, host }));

  it('is free', async () => {
    expect(await judge(tried({}))).toEqual({ result: 'ok', message: 'Port 47800 is free.' });
    expect((await judge(tried({ port: 8080 }))).message).toBe('Port 8080 is free.');
  });

  it.each([
    ['http://127.0.0.1:47800/', '<!doctype html><title>Proxim</title>'],
    ['https://192.168.1.7:47800/', '<!doctype html><title>Proxim</title>'],
    ['http://127.0.0.1:47800/', 'Proxim signaling server.\n'],
  ])('is Proxim’s own, which answers at %s', async (url, body) => {
    const state = await tried({ faults: { 47_800: 'taken' }, answers: { [url]: page(body) } });
    expect(state).toMatchObject({ kind: 'proxim', serving: { scheme: url.split(':')[0], port: 47_800 } });
    expect((await judge(Promise.resolve(state))).result).toBe('ok');
  });

  it('is another program’s: Proxim goes to the next, unless the port was asked for', async () => {
    const answers = { 'http://127.0.0.1:47800/': page('<title>Something else</title>') };
    const moved = await judge(tried({ faults: { 47_800: 'taken', 47_801: 'taken' }, answers }));
    expect(moved).toEqual({
      result: 'warning',
      message: 'Port 47800 is taken by another program; Proxim uses 47802.',
      cure: 'To see which program it is: `sudo ss -ltnp sport = :47800`',
    });
    const asked = await judge(tried({ port: 47_800, faults: { 47_800: 'taken' }, answers }), undefined, 'win32');
    expect(asked).toMatchObject({ result: 'failure', cure: expect.stringContaining('findstr :47800') as string });
    const all = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [47_800 + index, 'taken' as const]));
    expect((await judge(tried({ faults: all }), undefined, 'darwin')).result).toBe('failure');
  });

  it('may not be used, or cannot', async () => {
    expect(await judge(tried({ port: 80, faults: { 80: 'forbidden' } }))).toMatchObject({
      result: 'failure',
      cure: 'Choose one above 1023 with --port.',
    });
    const impossible = { port: 5000, faults: { 5000: 'impossible' } } as const;
    expect((await judge(tried(impossible), '10.1.1.1')).message).toBe('Proxim cannot listen at 10.1.1.1.');
    expect((await judge(tried(impossible))).result).toBe('failure');
  });
});

describe('reaching this computer', () => {
  const reach = (
    answering: readonly string[],
    flags: {
      readonly host?: string;
      readonly address?: string;
      readonly state?: PortState;
      readonly mark?: string;
    } = {},
  ): Promise<Finding> =>
    run(
      reachableCheck({
        addresses: () =>
          Promise.resolve([
            { address: '192.168.1.7', interfaceName: 'wlan0', kind: 'network' },
            { address: 'fd12::7', interfaceName: 'wlan0', kind: 'network' },
            { address: '127.0.0.1', interfaceName: 'lo', kind: 'loopback' },
          ]),
        state: () =>
          Promise.resolve(
            flags.state ?? { kind: 'free', port: 5000, serving: { scheme: 'http', port: 5000, mark: 'own' } },
          ),
        ask: (url) => Promise.resolve(answering.includes(url) ? page('', flags.mark ?? 'own') : undefined),
        host: flags.host,
        address: flags.address,
      }),
    );
  const both = ['http://192.168.1.7:5000/', 'http://[fd12::7]:5000/'];

  it('works at every address, and says what that does not tell', async () => {
    expect(await reach(both)).toEqual({
      result: 'ok',
      message:
        'This computer hears itself at 192.168.1.7 and fd12::7, port 5000. ' +
        'Whether a firewall or the Wi-Fi keeps the phone away cannot be seen from here.',
    });
  });

  it('fails where the address in the code is silent, and warns where another is', async () => {
    expect(await reach(both.slice(1))).toMatchObject({
      result: 'failure',
      message: 'Nobody answers at 192.168.1.7, port 5000, not even to this computer.',
      cure: expect.stringContaining('choose fd12::7 with --address') as string,
    });
    expect((await reach(both.slice(0, 1))).result).toBe('warning');
    expect((await reach(both, { address: 'desk.example' })).result).toBe('failure');
    expect((await reach([])).result).toBe('failure');
  });

  it('does not take another program’s answer for its own', async () => {
    expect((await reach(both, { mark: 'another' })).result).toBe('failure');
  });

  it('asks a Proxim that runs already, in its own way', async () => {
    const state: PortState = {
      kind: 'proxim',
      port: 47_800,
      serving: { scheme: 'https', port: 47_800, mark: undefined },
    };
    const check = reachableCheck({
      addresses: () => Promise.resolve([]),
      state: () => Promise.resolve(state),
      ask: (url) => Promise.resolve(url === 'https://192.168.1.7:47800/' ? page('') : undefined),
      host: '192.168.1.7',
      address: undefined,
    });
    expect((await run(check)).result).toBe('ok');
    expect(await reach([], { state })).toMatchObject({
      result: 'failure',
      cure: expect.stringContaining('start it without --host') as string,
    });
  });

  it('cannot be tried without a listener', async () => {
    expect((await reach(both, { state: { kind: 'forbidden', port: 80 } })).result).toBe('unknown');
    expect((await reach(both, { state: { kind: 'taken', port: 80, serving: undefined } })).result).toBe('unknown');
  });
});

describe('WebRTC', () => {
  afterAll(unloadNodeRtcEngine);

  it('carries a message there and back, or says that there is no network to try it on', async () => {
    const finding = await run(webrtcCheck({ loadEngine: loadNodeRtcEngine }));
    expect(['ok', 'unknown']).toContain(finding.result);
  });

  it('is missing where the engine cannot be loaded', async () => {
    const finding = await run(webrtcCheck({ loadEngine: () => Promise.reject(new Error('ERR_DLOPEN_FAILED')) }));
    expect(finding).toMatchObject({ result: 'failure', cure: expect.stringContaining('`npm ci`') as string });
  });

  it('ends when nobody waits any more', async () => {
    const abort = new AbortController();
    const silent = {
      addCandidate: () => undefined,
      path: () => Promise.resolve(undefined),
      close: () => undefined,
      createOffer: () => new Promise<string>(() => undefined),
      acceptAnswer: () => Promise.resolve(),
      acceptOffer: () => Promise.resolve(''),
    };
    const pending = webrtcCheck({
      loadEngine: () => Promise.resolve({ offer: () => silent, answer: () => silent }),
    }).run(abort.signal);
    await Promise.resolve();
    abort.abort();
    expect((await pending).result).toBe('unknown');
  });
});
