import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { head, openRaw, statusFor, upgradeHead } from './raw-socket.js';
import { setStage } from './stage.js';

describe('a socket that is no WebSocket yet', () => {
  it('[LI11] that says nothing is ended after 10 seconds', async () => {
    const stage = await setStage();
    const raw = await openRaw(stage);
    const client = await stage.connect('client');
    stage.pass(9.999);
    await client.quiet();
    expect(raw.socket.closed).toBe(false);
    stage.pass(0.001);
    expect(await raw.ended).toBe('');
    await client.quiet();
  });

  it.each([
    ['a page', head('/', ['Accept: text/html'])],
    ['an upgrade', upgradeHead()],
  ])('[LI11] that asks for %s byte by byte gains no time by it', async (_name, text) => {
    const stage = await setStage();
    const raw = await openRaw(stage);
    const client = await stage.connect('client');
    // All of it but for the last byte: it is never asked.
    for (let index = 0; index < text.length - 1; index += 1) {
      raw.write(text[index] ?? '');
      if (index % 20 === 0) await client.quiet();
      stage.pass(9.9 / text.length);
    }
    await client.quiet();
    expect(raw.socket.closed).toBe(false);
    stage.pass(1);
    expect(await raw.ended).toBe('');
    expect(stage.server.counts().connections).toBe(1);
  });

  it('[LI11] that was answered has as long again for its next request', async () => {
    const stage = await setStage();
    const raw = await openRaw(stage);
    for (let round = 0; round < 3; round += 1) {
      const answered = once(raw.socket, 'data');
      raw.write(head('/'));
      await answered;
      stage.pass(9);
    }
    stage.pass(1);
    expect((await raw.ended).match(/200 OK/g)).toHaveLength(3);
  });

  it('[LI11] that does not read its page is ended after 60 seconds', async () => {
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const stage = await setStage({
      limits: { heartbeatSeconds: 1000 },
      handleRequest: (_request, response) => {
        response.write(Buffer.alloc(16 * 1024 * 1024));
        asked();
      },
    });
    const raw = await openRaw(stage);
    raw.socket.pause();
    raw.write(head('/'));
    await isAsked;
    const client = await stage.connect('client');
    for (let passed = 0; passed < 4; passed += 1) {
      stage.pass(14.9);
      await client.quiet();
    }
    expect(raw.socket.closed).toBe(false);
    stage.pass(0.4);
    raw.socket.resume();
    expect((await raw.ended).length).toBeLessThan(16 * 1024 * 1024);
  });

  it('[LI11] that became a WebSocket is not ended', async () => {
    const stage = await setStage({ limits: { heartbeatSeconds: 1000 } });
    const client = await stage.connect('client');
    stage.pass(100);
    await client.quiet();
  });

  it('[LI11] that asks for the next page before it has the last one is ended', async () => {
    const stage = await setStage({ handleRequest: () => undefined });
    const raw = await openRaw(stage);
    raw.write(head('/') + head('/'));
    expect(await raw.ended).toBe('');
  });

  it('[LI11] whose header has too many lines is told so, and so is one whose header is too long', async () => {
    const stage = await setStage();
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: y`);
    expect(await statusFor(stage, '127.0.0.1', lines(98))).toBe(200);
    expect(await statusFor(stage, '127.0.0.1', lines(99))).toBe(431);
    const upgrading = await openRaw(stage);
    upgrading.write(upgradeHead(lines(100)));
    expect(await upgrading.ended).toMatch(/^HTTP\/1\.1 431 /);
    const long = await openRaw(stage);
    long.write(head('/', [`X: ${'y'.repeat(70_000)}`]));
    expect(await long.ended).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('many sockets that are no WebSockets', () => {
  it('[LI12] 64 of an address; for one more the oldest is ended, and nobody else notices', async () => {
    const stage = await setStage();
    const elsewhere = await openRaw(stage, '127.0.0.2');
    const silent = [];
    for (let index = 0; index < 64; index += 1) silent.push(await openRaw(stage));
    const client = await stage.connect('client');
    await client.quiet();
    expect(await silent[0]?.ended).toBe('');
    // The client's place was given back when it became a WebSocket, so that the next one costs nobody his.
    await (await stage.connect('another')).quiet();
    expect(silent.slice(1).every(({ socket }) => !socket.closed)).toBe(true);
    const answered = once(elsewhere.socket, 'data');
    elsewhere.write(head('/'));
    await answered;
  });

  it('[LI12] one that waits for its page stays, and one that says nothing goes', async () => {
    const stage = await setStage({ limits: { maxConnectionsPerAddress: 2 }, handleRequest: () => undefined });
    const served = await openRaw(stage);
    served.write(head('/'));
    const silent = await openRaw(stage);
    await (await stage.connect('client')).quiet();
    await silent.ended;
    expect(served.socket.closed).toBe(false);
  });

  it('[LI12] in all: the oldest goes, whatever its address', async () => {
    const stage = await setStage({ limits: { maxConnections: 3 } });
    const silent = [];
    for (let index = 1; index <= 3; index += 1) silent.push(await openRaw(stage, `127.0.0.${index}`));
    expect(await statusFor(stage, '127.0.0.4')).toBe(200);
    await silent[0]?.ended;
    expect(silent[2]?.socket.closed).toBe(false);
  });

  it('[LI6] [LI12] those that are told `capacity` do not pile up: twice as many, then 503', async () => {
    const stage = await setStage({ limits: { maxConnectionsPerAddress: 2 } });
    // They neither leave nor answer a close.
    for (let index = 0; index < 4; index += 1) {
      const raw = await openRaw(stage);
      raw.write(upgradeHead());
      await raw.heard(index < 2 ? '\r\n\r\n' : 'capacity');
    }
    expect(stage.server.counts().connections).toBe(4);
    await expect(stage.connect('one more')).rejects.toThrow('503');
    await (await stage.connect('elsewhere', { localAddress: '127.0.0.2' })).quiet();
  });
});

describe('many requests', () => {
  it('[LI13] 200 pages and connections of an address at once, then 429, then 20 a second', async () => {
    const stage = await setStage();
    for (let index = 0; index < 199; index += 1) expect(await statusFor(stage, '127.0.0.1')).toBe(200);
    const client = await stage.connect('client');
    expect(await statusFor(stage, '127.0.0.1')).toBe(429);
    await expect(stage.connect('another')).rejects.toThrow('429');
    await client.quiet();
    expect(await statusFor(stage, '127.0.0.2')).toBe(200);
    stage.pass(1);
    for (let index = 0; index < 20; index += 1) expect(await statusFor(stage, '127.0.0.1')).toBe(200);
    expect(await statusFor(stage, '127.0.0.1')).toBe(429);
  });

  it('[LI13] [TR11] what a foreign page asks does not count against its visitor', async () => {
    const stage = await setStage({ limits: { requestBurst: 3 } });
    for (let index = 0; index < 10; index += 1) {
      expect(await statusFor(stage, '127.0.0.1', ['Origin: https://evil.example'])).toBe(403);
    }
    await (await stage.connect('client')).quiet();
  });

  it('[LI13] [CL2] abuse costs its address new connections for a while, and no other one', async () => {
    const stage = await setStage({ limits: { requestBurst: 20, requestRate: 10, signalBurst: 5 } });
    for (let index = 0; index < 3; index += 1) {
      const flooder = await stage.connect('flooder');
      for (let sent = 0; sent < 100; sent += 1) flooder.send('nonsense');
      expect(await flooder.end()).toMatchObject({ code: 1008 });
      if (index === 1) stage.pass(0.3);
    }
    await expect(stage.connect('flooder')).rejects.toThrow('429');
    await (await stage.connect('elsewhere', { localAddress: '127.0.0.2' })).quiet();
    // However much it was, it is over in time: twice the burst is made good again.
    stage.pass(4);
    await (await stage.connect('flooder')).quiet();
  });

  it('[LI18] who goes on asking is told for a while, and then ended unheard, until he asks less', async () => {
    const stage = await setStage({ limits: { requestBurst: 8, requestRate: 4 } });
    const ask = () => statusFor(stage, '127.0.0.1');
    for (let index = 0; index < 8; index += 1) expect(await ask()).toBe(200);
    for (let index = 0; index < 2; index += 1) expect(await ask()).toBe(429);
    for (let index = 0; index < 20; index += 1) {
      const raw = await openRaw(stage);
      expect(await raw.ended).toBe('');
    }
    expect(await statusFor(stage, '127.0.0.2')).toBe(200);
    stage.pass(1);
    for (let index = 0; index < 4; index += 1) expect(await ask()).toBe(200);
    expect(await ask()).toBe(429);
  });

  it('[LI13] the names of this machine are not looked up for each', async () => {
    let looked = 0;
    const stage = await setStage({
      localHosts: () => {
        looked += 1;
        return new Set(['127.0.0.1']);
      },
    });
    for (let index = 0; index < 50; index += 1) await statusFor(stage, '127.0.0.1');
    expect(looked).toBe(1);
    stage.pass(0.1);
    await statusFor(stage, '127.0.0.1');
    expect(looked).toBe(2);
  });
});
