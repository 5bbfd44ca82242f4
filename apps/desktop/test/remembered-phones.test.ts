import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { unloadNodeRtcEngine } from '@proxim/peer/node';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Command, event, runProxim } from './support/command.js';
import { isStatus, type NodePhone, startNodePhone } from './support/node-phone.js';

describe('phones that are remembered', () => {
  let dataDir: string;
  const running: Command[] = [];
  const phones: NodePhone[] = [];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'proxim-data-'));
  });

  afterEach(async () => {
    for (const { peer } of phones.splice(0)) peer.leave();
    for (const app of running.splice(0)) await app.stop('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  afterAll(async () => {
    await unloadNodeRtcEngine();
  });

  const start = async (port = '0', ...args: readonly string[]) => {
    const app = runProxim([
      ...['--json', '--no-open', '--address', '127.0.0.1', '--port', port, '--data-dir', dataDir],
      ...args,
    ]);
    running.push(app);
    const listening = await app.next(event('listening'));
    return { app, port: String(listening['port']) };
  };

  /** A phone that has been approved in a session of this kind, and is connected. */
  const connected = async (sessionType: string) => {
    const { app, port } = await start('0', '--session-type', sessionType);
    const { link, sessionID } = await app.next(event('session'));
    const phone = startNodePhone(String(link));
    phones.push(phone);
    await app.next(event('pair_prompt'));
    app.send({ command: 'approve', sessionID });
    await app.next(event('peer', { state: 'connected' }));
    await phone.reaches((state) => state.status === 'connected' && phone.peer.memory.deviceSecret !== undefined);
    return { app, port, phone, sessionID: String(sessionID), link: String(link) };
  };

  const file = () => join(dataDir, 'phones.json');
  const hasWritten = () =>
    expect.poll(() => readFile(file(), 'utf8').catch(() => '')).toContain('deviceSecretIsKept": true');

  it('[RM1] [RM2] [RM6] are let in again without a question after Proxim was closed and opened', async () => {
    const { app, port, phone, sessionID, link } = await connected('persistent');
    await hasWritten();
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    app.child.kill('SIGTERM');
    await app.next(event('session_closed', { sessionID, reason: 'server_shutdown' }));
    expect(await app.ended()).toBe(0);
    expect(await phone.reaches(isStatus('reconnecting'))).toEqual({ status: 'reconnecting', why: 'closed' });

    const again = await start(port);
    // The first session of a run is a new one, and the remembered one follows.
    expect(await again.app.next(event('session'))).not.toMatchObject({ sessionID });
    expect(await again.app.next(event('session'))).toMatchObject({ sessionID, sessionType: 'persistent', link });
    await again.app.next(event('peer', { sessionID, state: 'connected' }));
    await phone.reaches(isStatus('connected'));
    expect(again.app.seen().map((line) => line['event'])).not.toContain('pair_prompt');
    await expect.poll(() => phone.kinds).toEqual(['persistent', 'persistent']);
  });

  it('[RM2] are let in again after it was killed', async () => {
    const { app, port, phone, sessionID } = await connected('persistent');
    await hasWritten();
    await app.stop('SIGKILL');
    await phone.reaches(isStatus('reconnecting'));
    const again = await start(port);
    await again.app.next(event('peer', { sessionID, state: 'connected' }));
    await phone.reaches(isStatus('connected'));
    expect(again.app.seen().map((line) => line['event'])).not.toContain('pair_prompt');
  });

  it('[RM2] are known by the device secret: the QR code alone opens nothing in the next run either', async () => {
    const { app, port, phone, link } = await connected('persistent');
    await hasWritten();
    phone.peer.leave();
    await app.stop();
    const again = await start(port);
    await again.app.next(event('session'));
    await again.app.next(event('session'));
    const stranger = startNodePhone(link);
    phones.push(stranger);
    expect(await stranger.reaches(isStatus('ended'))).toMatchObject({ reason: 'unverified' });
    expect(again.app.seen().map((line) => line['event'])).not.toContain('pair_prompt');
  });

  it('[RM3] are forgotten when they are removed, at once and for good', async () => {
    const { app, port, phone, sessionID } = await connected('persistent');
    await hasWritten();
    app.send({ command: 'close', sessionID });
    expect(await phone.reaches(isStatus('ended'))).toMatchObject({ reason: 'closed_by_desktop' });
    await app.next(event('session_closed', { sessionID, reason: 'closed_by_desktop' }));
    expect(await readFile(file(), 'utf8')).not.toContain(sessionID);
    await app.stop();
    const again = await start(port);
    await again.app.next(event('session'));
    again.app.send({ command: 'close', sessionID });
    await again.app.next(event('error', { code: 'session_not_found' }));
  });

  it('[RM6] are told that Proxim was closed, and not that they were removed, although the last change could not be written', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dataDir]);
    try {
      const { app, phone, sessionID, link } = await connected('persistent');
      await hasWritten();
      await expect(writeFile(join(dataDir, 'filler'), Buffer.alloc(128 * 1024))).rejects.toThrow('ENOSPC');
      const { memory } = phone.peer;
      phone.peer.leave();
      await app.next(event('error', { code: 'cannot_remember' }));
      const back = startNodePhone(link, memory);
      phones.push(back);
      await back.reaches(isStatus('connected'));
      app.child.kill('SIGTERM');
      await app.next(event('session_closed', { sessionID, reason: 'server_shutdown' }));
      expect(await back.reaches(isStatus('reconnecting'))).toMatchObject({ why: 'closed' });
      await app.ended();
    } finally {
      execFileSync('umount', ['--lazy', dataDir]);
    }
  });

  it('[RM2] are waited for on the port that they know, whatever ports other runs have had', async () => {
    const { app, port } = await connected('persistent');
    await hasWritten();
    await app.stop();
    const other = await start('0');
    await other.app.stop();
    const plain = runProxim(['--json', '--no-open', '--address', '127.0.0.1', '--data-dir', dataDir]);
    running.push(plain);
    expect(await plain.next(event('listening'))).toMatchObject({ port: Number(port) });
    expect(await plain.next(event('session', { remembered: true }))).toMatchObject({ sessionType: 'persistent' });
  });

  it('[RM1] are those of persistent sessions alone', async () => {
    const { app, phone } = await connected('temporary');
    await app.stop();
    expect(await phone.reaches(isStatus('ended'))).toMatchObject({ reason: 'closed_by_desktop' });
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('[RM4] whose file is damaged is set aside, with a sentence, and what can be read of it still counts', async () => {
    const { app, port, phone, sessionID } = await connected('persistent');
    await hasWritten();
    await app.stop();
    await phone.reaches(isStatus('reconnecting'));
    const written = JSON.parse(await readFile(file(), 'utf8')) as { phones: unknown[] };
    const damaged = JSON.stringify({ ...written, phones: [...written.phones, { sessionID: 'half' }] });
    await writeFile(file(), damaged);
    const again = await start(port);
    const { message } = await again.app.next(event('error', { code: 'memory_damaged' }));
    expect(String(message)).toContain('phones-damaged-1.json');
    expect(await readFile(join(dataDir, 'phones-damaged-1.json'), 'utf8')).toBe(damaged);
    await again.app.next(event('peer', { sessionID, state: 'connected' }));
    await again.app.stop();

    await writeFile(file(), '{"version":1,"pho');
    const third = await start(port);
    await third.app.next(event('error', { code: 'memory_damaged' }));
    expect((await readdir(dataDir)).sort()).toEqual([
      'phones-damaged-1.json',
      'phones-damaged-2.json',
      'phones.json',
      'running.sock',
    ]);
  });

  it('[RM4] by a newer Proxim are left alone', async () => {
    const newer = '{"version":2,"phones":{}}';
    await writeFile(file(), newer);
    const { app } = await start();
    expect(await app.next(event('error', { code: 'cannot_remember' }))).toMatchObject({
      message: expect.stringContaining('newer') as string,
    });
    await app.stop();
    expect(await readFile(file(), 'utf8')).toBe(newer);
  });

  it('[RM5] belong to one running Proxim: another one with the same folder says that it remembers nothing', async () => {
    const first = await connected('persistent');
    await hasWritten();
    const before = await readFile(file(), 'utf8');
    const second = await start();
    expect(await second.app.next(event('error', { code: 'cannot_remember' }))).toMatchObject({
      message: expect.stringContaining('Another Proxim') as string,
    });
    expect(await second.app.stop()).toBe(0);
    expect(await readFile(file(), 'utf8')).toBe(before);
    expect(first.phone.peer.state.status).toBe('connected');
    // A lock that a killed program left behind holds nobody up.
    await first.app.stop('SIGKILL');
    const third = await start(first.port);
    await third.app.next(event('peer', { sessionID: first.sessionID, state: 'connected' }));
  });
});
