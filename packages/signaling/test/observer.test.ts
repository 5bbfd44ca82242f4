import { createMemoryBus, type ServerObserver } from '@proxim/signaling';
import { describe, expect, it, vi } from 'vitest';

import { openPeers, pairedPeers, script, setStage, type Stage } from './stage.js';

type Call = readonly [name: string, ...args: readonly unknown[]];

/** Writes down all that it hears. */
const recorder = (): {
  readonly observer: ServerObserver;
  readonly calls: Call[];
  of(name: string): readonly Call[];
} => {
  const calls: Call[] = [];
  const hear =
    (name: string) =>
    (...args: readonly unknown[]): void => {
      calls.push([name, ...args]);
    };
  return {
    calls,
    of: (name) => calls.filter(([called]) => called === name),
    observer: {
      connectionOpened: hear('connectionOpened'),
      roleTaken: hear('roleTaken'),
      connectionClosed: hear('connectionClosed'),
      sessionOpened: hear('sessionOpened'),
      sessionChanged: hear('sessionChanged'),
      sessionClosed: hear('sessionClosed'),
      pairingAsked: hear('pairingAsked'),
      pairingEnded: hear('pairingEnded'),
      frameRelayed: hear('frameRelayed'),
      errorSent: hear('errorSent'),
      requestRefused: hear('requestRefused'),
    },
  };
};

const patient = { heartbeatSeconds: 10_000, pairBurst: 1000 };

describe('the observer', () => {
  it('hears the life of a session from the first socket to the last, and nothing that was sent', async () => {
    const { observer, calls } = recorder();
    const stage = await setStage({ observer, limits: patient });
    const { desktop, phone, request, approve, signal, close, ...lines } = await openPeers(stage);
    phone.send(request);
    await desktop.next('pair_prompt');
    stage.pass(3);
    desktop.send(approve);
    await phone.next('pair_result');
    const frame = JSON.stringify(signal({ sdp: 'v=0 grüße' }));
    phone.send(frame);
    await desktop.next('signal');
    desktop.send(close);
    await phone.next('session_closed');
    await phone.leave(1000);
    await desktop.lose();
    await stage.connections(0);

    expect(calls).toEqual([
      ['connectionOpened'],
      ['sessionOpened'],
      ['roleTaken', 'none', 'desktop'],
      ['connectionOpened'],
      ['roleTaken', 'none', 'mobile'],
      ['pairingAsked'],
      ['sessionChanged', 'open', 'prompting'],
      ['pairingEnded', 'approved', 3000],
      ['sessionChanged', 'prompting', 'paired'],
      ['frameRelayed', Buffer.byteLength(frame)],
      ['sessionClosed', 'paired', 'closed_by_desktop'],
      ['connectionClosed', 'mobile', 1000],
      ['connectionClosed', 'desktop', 1006],
    ]);
    const said = JSON.stringify(calls);
    for (const secret of [lines.sessionID, lines.uuid, lines.create['peerToken'], request['peerToken'], 'Galaxy'])
      expect(said).not.toContain(secret);
  });

  it('hears what came of each request, and a word of the desktop’s own as `other`', async () => {
    const { observer, of } = recorder();
    const stage = await setStage({ observer, limits: { ...patient, maxAttempts: 100 } });
    const ask = async () => {
      const peers = await openPeers(stage);
      peers.phone.send(peers.request);
      await peers.desktop.next('pair_prompt');
      stage.pass(1);
      return peers;
    };
    const endOf = async (result: string, ms = 1000): Promise<void> => {
      await vi.waitFor(() => expect(of('pairingEnded').at(-1)).toEqual(['pairingEnded', result, ms]), { interval: 1 });
    };
    for (const [reason, result] of [
      [undefined, 'rejected_by_user'],
      ['unverified', 'unverified'],
      ['blocked', 'blocked'],
      ['timeout', 'other'],
      ['some_secret_word', 'other'],
    ] as const) {
      const { desktop, reject } = await ask();
      desktop.send({ ...reject, reason });
      await endOf(result);
    }
    await ask();
    stage.pass(39);
    await endOf('timeout', 40_000);
    await (await ask()).phone.leave();
    await endOf('cancelled');
    await (await ask()).desktop.leave();
    await endOf('desktop_left');
    const closing = await ask();
    closing.desktop.send(closing.close);
    await endOf('desktop_left');
    const short = script();
    const peers = await openPeers(stage, { ...short, create: { ...short.create, ttlSeconds: 20 } });
    peers.phone.send(peers.request);
    await peers.desktop.next('pair_prompt');
    stage.pass(20);
    await endOf('expired', 20_000);
    const last = await ask();
    const closed = stage.server.close();
    await endOf('server_shutdown');
    await last.phone.next('pair_result');
    stage.pass(10);
    await closed;
    expect(of('pairingAsked')).toHaveLength(of('pairingEnded').length);
    expect(of('sessionOpened')).toHaveLength(of('sessionClosed').length);
    expect(of('connectionOpened')).toHaveLength(of('connectionClosed').length);
  });

  it('hears of five refusals that one session was closed for it', async () => {
    const { observer, of } = recorder();
    const stage = await setStage({ observer, limits: patient });
    const { desktop, phone, request, reject } = await openPeers(stage);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      phone.send(request);
      await desktop.next('pair_prompt');
      desktop.send(reject);
      await phone.next('pair_result');
    }
    await desktop.next('session_closed');
    expect(of('pairingEnded')).toHaveLength(5);
    expect(of('sessionClosed')).toEqual([['sessionClosed', 'prompting', 'too_many_attempts']]);
  });

  it('hears that another node took a session over, in whatever state it was', async () => {
    const { observer, of } = recorder();
    const bus = createMemoryBus();
    const superseded: (() => void)[] = [];
    const stage = await setStage({
      observer,
      limits: patient,
      bus: {
        ...bus,
        claim: (sessionID, owner) => {
          superseded.push(owner.superseded);
          return bus.claim(sessionID, owner);
        },
      },
    });
    await pairedPeers(stage);
    const { desktop, phone, request } = await openPeers(stage);
    phone.send(request);
    await desktop.next('pair_prompt');
    stage.pass(2);
    for (const take of superseded) take();
    expect(of('sessionClosed')).toEqual([
      ['sessionClosed', 'paired', 'superseded'],
      ['sessionClosed', 'prompting', 'superseded'],
    ]);
    expect(of('pairingEnded').at(-1)).toEqual(['pairingEnded', 'superseded', 2000]);
  });

  it('hears of every error by its code, whoever sends it', async () => {
    const { observer, of } = recorder();
    const stage = await setStage({ observer, limits: { maxConnections: 2 } });
    const { desktop, phone, request } = await openPeers(stage);
    phone.send('{');
    await phone.next('error');
    phone.send({ type: 'hello' });
    await phone.next('error');
    phone.send({ ...request, sessionID: 'nobody-has-this' });
    await phone.next('error');
    phone.send({ ...script().create });
    await phone.next('error');
    // The session's own refusal, which the runtime sends.
    phone.send(request);
    await desktop.next('pair_prompt');
    desktop.send({ type: 'pair_response', sessionID: request['sessionID'], approved: true, promptID: 'another' });
    await desktop.next('error');
    const crowd = await stage.connect('one too many');
    await crowd.next('error');
    await crowd.end();
    expect(of('errorSent').map(([, code]) => code)).toEqual([
      'bad_message',
      'unknown_type',
      'session_not_found',
      'not_allowed',
      'not_paired',
      'capacity',
    ]);
    await stage.connections(2);
    expect(of('connectionClosed')).toEqual([['connectionClosed', 'none', 1013]]);
  });

  it('hears with which code a connection ended: the one that was said here before the one that came', async () => {
    const { observer, of } = recorder();
    const stage = await setStage({ observer });
    const binary = await stage.connect('binary');
    binary.send(Buffer.from('x'));
    await binary.end();
    const leaving = await stage.connect('leaving');
    await leaving.leave(4123);
    await stage.connections(0);
    expect(of('connectionClosed')).toEqual([
      ['connectionClosed', 'none', 1003],
      ['connectionClosed', 'none', 4123],
    ]);
  });

  it('hears of refused requests and upgrades by status', async () => {
    const { observer, of } = recorder();
    const stage = await setStage({ observer, limits: { requestBurst: 4, requestRate: 0.001 } });
    await fetchStatus(stage, '/');
    await expect(stage.connect('elsewhere', { path: '/nothing' })).rejects.toThrow('404');
    await expect(stage.connect('foreign', { headers: { host: 'evil.example' } })).rejects.toThrow('403');
    expect(of('requestRefused').map(([, status]) => status)).toEqual([404, 403]);
    for (let index = 0; index < 3; index += 1) await fetchStatus(stage, '/');
    expect(of('requestRefused').map(([, status]) => status)).toEqual([404, 403, 429]);
  });
});

const fetchStatus = async (stage: Stage, path: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${stage.port}${path}`)).status;
