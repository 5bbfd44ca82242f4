import { createServer } from 'node:net';
import { once } from 'node:events';

import { loadNodeRtcEngine, unloadNodeRtcEngine } from '@proxim/peer/node';
import { parseLink } from '@proxim/protocol';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { openSeedClient } from '../../../conformance/src/seed-client.js';
import { WireClient } from '../../../conformance/src/wire-client.js';
import { type Command, event, runProxim } from './support/command.js';

describe('proxim, the desktop app', () => {
  let running: Command | undefined;

  afterEach(async () => {
    await running?.stop('SIGKILL');
    running = undefined;
  });

  afterAll(async () => {
    await unloadNodeRtcEngine();
  });

  const start = (...args: readonly string[]): Command => {
    running = runProxim(['--json', '--no-open', '--port', '0', ...args]);
    return running;
  };

  const begin = async (...args: readonly string[]) => {
    const app = start(...args);
    const { url } = await app.next(event('listening'));
    const session = await app.next(event('session'));
    const link = parseLink(String(session['link']));
    if (!link.ok) throw new Error(`the link is ${link.error}`);
    return { app, url: String(url), sessionID: String(session['sessionID']), session, link: link.value };
  };

  it('[MS3] says where it listens, makes a first session with 128 random bits, and ends with the end of its input', async () => {
    const before = Date.now();
    const { app, session, sessionID, link } = await begin('--address', '127.0.0.1', '--ttl', '60');
    expect(sessionID).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(session['sessionType']).toBe('temporary');
    // Made at some moment between the start and now; the two clocks in between may differ by a rounding.
    expect(Number(session['expiresAt'])).toBeGreaterThanOrEqual(before + 60_000 - 5);
    expect(Number(session['expiresAt'])).toBeLessThanOrEqual(Date.now() + 60_000 + 5);
    expect(link.sessionID).toBe(sessionID);
    expect(link.secret).toHaveLength(16);
    app.endInput();
    expect(await app.ended()).toBe(0);
    expect(app.errors()).toBe('');
  });

  it.each(['quit', 'SIGTERM'])('ends with status 0 after %s, and tells the session’s end', async (how) => {
    const { app, sessionID } = await begin();
    if (how === 'quit') app.send({ command: 'quit' });
    else app.child.kill('SIGTERM');
    await app.next(event('session_closed', { sessionID, reason: 'closed_by_desktop' }));
    expect(await app.ended()).toBe(0);
  });

  it('answers commands that cannot be done with an error event, and goes on', async () => {
    const { app, sessionID } = await begin();
    app.send('not JSON');
    await app.next(event('error', { code: 'bad_command' }));
    app.send({ command: 'dance' });
    await app.next(event('error', { code: 'unknown_command' }));
    app.send({ command: 'approve', sessionID });
    await app.next(event('error', { code: 'not_paired' }));
    app.send({ command: 'close', sessionID: 'nobody' });
    await app.next(event('error', { code: 'session_not_found' }));
    app.send({ command: 'create', sessionType: 'temporary', ttlSeconds: 0 });
    await app.next(event('error', { code: 'bad_ttl' }));
    app.send({ command: 'create', sessionType: 'persistent' });
    expect(await app.next(event('session'))).toMatchObject({ sessionType: 'persistent', expiresAt: null });
    app.send({ command: 'close', sessionID });
    await app.next(event('session_closed', { sessionID }));
  });

  it('refuses a port that is taken with one line and status 1', async () => {
    const squatter = createServer();
    squatter.listen(0);
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    running = runProxim(['--json', '--no-open', '--port', String(port)]);
    expect(await running.ended()).toBe(1);
    expect(running.errors()).toBe(`proxim: Port ${String(port)} is taken.\n`);
    squatter.close();
    await once(squatter, 'close');
  });

  it.each([
    ['--host', '127.0.0.5'],
    ['--address', 'desk.example'],
  ])('answers to the name that %s %s gives it', async (flag, name) => {
    const { app, session } = await begin(flag, name);
    const link = new URL(String(session['link']));
    expect(link.hostname).toBe(name);
    const at = flag === '--host' ? name : '127.0.0.1';
    const phone = await WireClient.connect(`ws://${at}:${link.port}`, { headers: { host: link.host } });
    await phone.quiet();
    phone.socket.close();
    await phone.end();
    expect(await app.stop()).toBe(0);
  });

  it('says when the signaling server cannot be reached, and goes on trying', async () => {
    const app = start('--signaling', 'ws://127.0.0.1:9');
    await app.next(event('listening'));
    await app.next(event('error', { code: 'signaling_unreachable' }));
    expect(await app.stop()).toBe(0);
  });

  it('drops a session that the server would not take', async () => {
    const { app, sessionID } = await begin('--max-sessions-per-connection', '1');
    app.send({ command: 'create', sessionType: 'temporary' });
    await app.next(event('error', { code: 'capacity' }));
    const closed = await app.next(event('session_closed'));
    expect(closed['sessionID']).not.toBe(sessionID);
  });

  it('says when this computer cannot be controlled', async () => {
    const { app } = await begin();
    expect(await app.next(event('error', { code: 'no_screen' }))).toMatchObject({
      message: expect.stringContaining('DISPLAY') as string,
    });
  });

  it.each([
    [['--tls-cert', '/etc/hostname', '--tls-key', '/etc/hostname'], '--tls-cert'],
    [['--address', 'not an/address#'], '--address'],
    [['--signaling', 'wss://relay.example/?region=eu'], '--signaling'],
    [['--token-file', '/etc/hostname'], '--token-file'],
    [['--data-dir', '/proc/nowhere/at/all'], '--data-dir'],
    [['--prot', '1'], '--prot'],
  ])('refuses %j at the start, in one line with the flag’s name', async (args, flag) => {
    running = runProxim(['--json', '--no-open', ...args]);
    expect(await running.ended()).toBe(1);
    expect(running.errors()).toContain(flag);
    expect(running.errors().trim().split('\n')).toHaveLength(1);
  });

  it('takes sessions from its own app alone', async () => {
    const { url } = await begin();
    const stranger = await WireClient.connect(url);
    stranger.send({ type: 'session_create', sessionID: 'abc123', uuid: '550e8400-e29b-41d4-a716-446655440000' });
    expect(await stranger.next('error')).toMatchObject({ code: 'unauthorized', replyTo: 'session_create' });
    stranger.socket.close();
    await stranger.end();
  });

  it('expires a session that nobody used', async () => {
    const { app, sessionID } = await begin('--ttl', '1');
    expect(await app.next(event('session_closed', { sessionID }))).toMatchObject({ reason: 'expired' });
  });

  it('connects a client that was written from the five messages alone, once its user has let it in all the same', async () => {
    const { app, url, sessionID } = await begin();
    const mobile = await openSeedClient(url);
    mobile.requestPairing(sessionID);
    const prompt = await app.next(event('pair_prompt', { sessionID, verified: false }));
    expect(prompt['deviceInfo']).toEqual({ name: 'Galaxy S23', id: 'device-xyz' });
    app.send({ command: 'approve', sessionID, promptID: prompt['promptID'] });
    await app.next(event('error', { code: 'unverified' }));
    app.send({ command: 'approve', sessionID, promptID: prompt['promptID'], unverified: true });
    expect(await mobile.receive('pair_result')).toMatchObject({ sessionID, status: 'approved' });

    // WebRTC by hand: an offer as bare text, candidates as bare text.
    const engine = await loadNodeRtcEngine();
    let opened: (label: string) => void;
    const open = new Promise<string>((resolve) => {
      opened = resolve;
    });
    const connection = engine.offer({
      iceServers: [],
      channels: [{ label: 'of-my-own', ordered: true }],
      handlers: {
        onCandidate: ({ candidate }) => mobile.signal(sessionID, { candidate }),
        onState: () => undefined,
        onChannel: ({ label }) => opened(label),
      },
    });
    mobile.signal(sessionID, { sdp: await connection.createOffer() });
    const answer = (await mobile.receive('signal'))['payload'] as { sdp: string; type: string };
    expect(answer.type).toBe('answer');
    await connection.acceptAnswer(answer.sdp);
    await app.next(event('peer', { sessionID, state: 'connected' }));
    expect(await open).toBe('of-my-own');
    connection.close();
    await mobile.close();
  });

  it('turns a client away that did not read the code, where it was told to', async () => {
    const { app, url, sessionID } = await begin('--unverified', 'refuse');
    const mobile = await openSeedClient(url);
    mobile.requestPairing(sessionID);
    expect(await mobile.receive('pair_result')).toMatchObject({ status: 'rejected', reason: 'unverified' });
    await app.next(event('error', { code: 'unverified' }));
    await mobile.close();
  });

  it('works through a signaling server elsewhere, and says so in the link', async () => {
    const relay = runProxim(['serve', '--json', '--port', '0']);
    try {
      const { url } = await relay.next(event('listening'));
      const { app, sessionID, link } = await begin('--signaling', String(url));
      expect(link.signaling).toBe(url);
      const mobile = await openSeedClient(String(url));
      mobile.requestPairing(sessionID);
      expect(await mobile.receive('pair_result')).toMatchObject({ status: 'rejected', reason: 'unverified' });
      await app.next(event('error', { code: 'unverified' }));
      await mobile.close();
    } finally {
      await relay.stop();
    }
  });
});
