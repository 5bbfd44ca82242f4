import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { nodeEnvironment } from '@proxim/peer/node';
import { ManualClock } from '@proxim/protocol/testing';
import { createSignalingServer, type SignalingServer } from '@proxim/signaling';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { WireClient } from '../../../conformance/src/wire-client.js';
import { ServedCertificate } from '../src/tls/served-certificate.js';
import { readTlsFiles, type TlsReading } from '../src/tls/tls-files.js';
import { CertificateAuthority } from './support/certificate-authority.js';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

const pairOf = (reading: TlsReading) => {
  if (reading.kind === 'fault') throw new Error(reading.message);
  return reading.pair;
};

describe('a certificate that is renewed while Proxim runs', () => {
  const names = ['DNS:desk.example', 'IP:127.0.0.1'];
  let authority: CertificateAuthority;
  let clock: ManualClock;
  let now: number;
  let server: SignalingServer;
  let served: ServedCertificate;
  let port: number;
  let told: string[];

  beforeEach(async () => {
    authority = new CertificateAuthority();
    clock = new ManualClock();
    now = Date.now();
    told = [];
    const { cert, key } = authority.issue({ as: 'own', names });
    const read = (): TlsReading => readTlsFiles({ certFile: cert, keyFile: key });
    served = new ServedCertificate(pairOf(read()), {
      clock,
      wallClock: () => now,
      read,
      onRenewed: (pair) => {
        server.renewTls(pair);
      },
      onProblem: ({ code }) => told.push(code),
    });
    server = createSignalingServer({ tls: served.pair });
    ({ port } = await server.listen({ port: 0, host: '127.0.0.1' }));
  });

  afterEach(async () => {
    served.stop();
    await server.close();
    authority.remove();
  });

  /** The serial number of what is served. */
  const shown = async (): Promise<string> => {
    const socket = connectTls({ host: '127.0.0.1', port, ca: authority.root });
    await once(socket, 'secureConnect');
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  };

  it('is taken within the hour, and connections that stand stay', async () => {
    const first = await shown();
    const phone = await WireClient.connect(`wss://127.0.0.1:${String(port)}`, { ca: authority.root });
    authority.issue({ as: 'own', names: [...names, 'DNS:new.example'] });
    clock.advance(hourMs - 1);
    expect(await shown()).toBe(first);
    clock.advance(1);
    expect(await shown()).not.toBe(first);
    expect(served.pair.certificate.names).toContain('new.example');
    phone.send({ type: 'ping' });
    await phone.next('pong');
    phone.socket.close();
    await phone.end();
    expect(told).toEqual([]);
  });

  it('is kept when what follows it cannot be served, which is told once', async () => {
    const first = await shown();
    rmSync(`${authority.folder}/own.key`);
    clock.advance(hourMs);
    clock.advance(hourMs);
    expect(await shown()).toBe(first);
    expect(told).toEqual(['cannot_read']);
    // The other half of the renewal is there an hour later.
    authority.issue({ as: 'own', names });
    clock.advance(hourMs);
    expect(await shown()).not.toBe(first);
    expect(told).toEqual(['cannot_read']);
  });

  it('is asked for before its end, and no more once it is renewed', () => {
    now += 25 * dayMs;
    clock.advance(hourMs);
    clock.advance(hourMs);
    now += 6 * dayMs;
    clock.advance(hourMs);
    expect(told).toEqual(['certificate_ends_soon', 'certificate_expired']);
    authority.issue({ as: 'own', names, notAfter: now + 60 * dayMs });
    clock.advance(hourMs);
    now += 55 * dayMs;
    clock.advance(hourMs);
    expect(told).toEqual(['certificate_ends_soon', 'certificate_expired', 'certificate_ends_soon']);
  });

  it('[LI11] is not waited for: who begins no handshake, or asks nothing after it, is gone after ten seconds', async () => {
    const time = new ManualClock();
    const other = createSignalingServer({ tls: served.pair, clock: time });
    onTestFinished(() => other.close());
    const at = await other.listen({ port: 0, host: '127.0.0.1' });
    const silent = connectTcp(at.port, '127.0.0.1');
    await once(silent, 'connect');
    // Connections are accepted one after the other: the silent one is in by now.
    const shaking = connectTls({ host: '127.0.0.1', port: at.port, ca: authority.root });
    await once(shaking, 'secureConnect');
    const closed = Promise.all([once(silent, 'close'), once(shaking, 'close')]);
    time.advance(9999);
    expect([silent.destroyed, shaking.destroyed]).toEqual([false, false]);
    time.advance(1);
    await closed;
  });

  it('is the one that the desktop trusts from then on', async () => {
    const before = served.pair.cert;
    authority.issue({ as: 'own', names });
    clock.advance(hourMs);
    const open = (pinnedCertificate: string | (() => string)): Promise<'open' | 'closed'> =>
      new Promise((resolve) => {
        const socket = nodeEnvironment({ pinnedCertificate }).openWebSocket(`wss://127.0.0.1:${String(port)}`, [], {
          onOpen: () => {
            resolve('open');
            socket.close(1000);
          },
          onText: () => undefined,
          onClose: () => {
            resolve('closed');
          },
        });
      });
    expect(await open(() => served.pair.cert)).toBe('open');
    expect(await open(before)).toBe('closed');
  });
});
