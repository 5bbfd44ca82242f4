import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { request as httpRequest } from 'node:http';

import { describe, expect, it, onTestFinished } from 'vitest';

import { openPeers, pairedPeers, script, setStage, type Stage } from './stage.js';

/** A plain HTTP exchange: status and body. */
const ask = async (stage: Stage, path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const request = httpRequest({ port: stage.port, host: '127.0.0.1', path, headers, method, agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, body };
};

describe('frames', () => {
  it('[TR4] 65,536 bytes pass, and reach the other peer whole', async () => {
    const { desktop, phone, signal } = await pairedPeers(await setStage());
    const empty = JSON.stringify(signal({ sdp: '' }));
    const frame = JSON.stringify(signal({ sdp: 'x'.repeat(65_536 - empty.length) }));
    expect(Buffer.byteLength(frame)).toBe(65_536);
    phone.send(frame);
    expect((await desktop.nextFrame('signal')).text).toBe(frame);
  });

  it('[TR4] [CL5] 65,537 bytes end the connection with 1009, and nothing of them is relayed', async () => {
    const { desktop, phone, signal } = await pairedPeers(await setStage());
    const empty = JSON.stringify(signal({ sdp: '' }));
    phone.send(JSON.stringify(signal({ sdp: 'x'.repeat(65_537 - empty.length) })));
    expect(await phone.end()).toMatchObject({ code: 1009 });
    expect(await desktop.next('peer_state')).toMatchObject({ state: 'lost' });
    await desktop.quiet();
  });

  it('[TR4] bytes count, not characters', async () => {
    const { phone, signal } = await pairedPeers(await setStage());
    phone.send(JSON.stringify(signal({ sdp: '电'.repeat(22_000) })));
    expect(await phone.end()).toMatchObject({ code: 1009 });
  });

  it('[TR4] [LI10] another size may be set', async () => {
    const client = await (await setStage({ limits: { maxMessageBytes: 256 } })).connect('client');
    client.send(JSON.stringify({ type: 'ping', x: 'x'.repeat(300) }));
    expect(await client.end()).toMatchObject({ code: 1009 });
  });

  it('[TR5] [CL5] a binary frame ends the connection with 1003', async () => {
    const client = await (await setStage()).connect('client');
    client.send(Buffer.from('{"type":"ping"}'));
    expect(await client.end()).toMatchObject({ code: 1003 });
  });

  it('[TR3] bytes that are not UTF-8 end the connection, and nothing of them is relayed', async () => {
    const { desktop, phone, signal } = await pairedPeers(await setStage());
    const bytes = Buffer.from(JSON.stringify(signal({ sdp: 'caf_' })));
    bytes[bytes.indexOf('_')] = 0xe9;
    phone.socket.send(bytes, { binary: false });
    expect(await phone.end()).toMatchObject({ code: 1007 });
    expect(await desktop.next('peer_state')).toMatchObject({ state: 'lost' });
    await desktop.quiet();
  });

  it('[TR8] [ER1] [ER2] [ER3] what cannot be read gets an error, and the connection goes on', async () => {
    const { desktop, phone, sessionID } = await openPeers(await setStage());
    phone.send('not JSON');
    expect(await phone.next('error')).toEqual({
      type: 'error',
      code: 'bad_message',
      message: expect.any(String) as string,
    });
    phone.send({ type: 'pair_hug', sessionID });
    expect(await phone.next('error')).toEqual({
      type: 'error',
      code: 'unknown_type',
      message: expect.any(String) as string,
      replyTo: 'pair_hug',
      sessionID,
    });
    phone.send({ type: 'pair_request', sessionID });
    expect(await phone.next('error')).toMatchObject({ code: 'bad_message', replyTo: 'pair_request', sessionID });
    await phone.quiet();
    await desktop.quiet();
  });

  it('[TR3] 30,000 arrays in each other do no harm', async () => {
    const client = await (await setStage()).connect('client');
    client.send('['.repeat(30_000));
    expect(await client.next('error')).toMatchObject({ code: 'bad_message' });
    await client.quiet();
  });

  it('[MS20] ping is answered with pong', async () => {
    const client = await (await setStage()).connect('client');
    client.send({ type: 'ping' });
    expect(await client.next('pong')).toEqual({ type: 'pong' });
  });

  it('[TR3] a message may come in pieces', async () => {
    const client = await (await setStage()).connect('client');
    client.socket.send('{"ty', { fin: false });
    client.socket.send('pe":"pi', { fin: false });
    client.socket.send('ng"}', { fin: true });
    await client.next('pong');
  });
});

describe('the handshake', () => {
  it('[TR1] / and /signal mean the same, with a query or without', async () => {
    const stage = await setStage();
    for (const path of ['/', '/signal', '/?x=1', '/signal?x=1']) {
      const client = await stage.connect(path, { path });
      await client.quiet();
    }
  });

  it('[TR1] other paths are not there', async () => {
    const stage = await setStage();
    for (const path of ['/other', '/signal/', '//', '/signal/../x']) {
      await expect(stage.connect(path, { path })).rejects.toThrow('404');
    }
  });

  it('[TR6] proxim.v1 is selected when it is offered, alone or among others', async () => {
    const stage = await setStage();
    const alone = await stage.connect('alone', { protocols: ['proxim.v1'] });
    expect(alone.socket.protocol).toBe('proxim.v1');
    const among = await stage.connect('among', { protocols: ['chat', 'proxim.v1', 'proxim.v2'] });
    expect(among.socket.protocol).toBe('proxim.v1');
  });

  it('[TR6] a client that offers none is served', async () => {
    const client = await (await setStage()).connect('client');
    expect(client.socket.protocol).toBe('');
    await client.quiet();
  });

  it('[TR6] nothing is selected for a client that offers only others', async () => {
    // `ws`, like a browser, then ends the connection itself.
    await expect((await setStage()).connect('client', { protocols: ['chat'] })).rejects.toThrow(
      'Server sent no subprotocol',
    );
  });

  it('[TR1] compression is not spoken', async () => {
    const client = await (await setStage()).connect('client', { perMessageDeflate: true });
    expect(client.socket.extensions).toBe('');
  });

  it('[TR2] GET / is one plain line, other paths are not there, other methods not allowed', async () => {
    const stage = await setStage();
    expect(await ask(stage, '/')).toEqual({ status: 200, body: 'Proxim signaling server.\n' });
    expect(await ask(stage, '/other')).toMatchObject({ status: 404 });
    expect(await ask(stage, '/', {}, 'POST')).toMatchObject({ status: 405 });
  });

  it('[TR2] pages may be served on the same port', async () => {
    const stage = await setStage({ handleRequest: (_request, response) => response.end('the web app') });
    expect(await ask(stage, '/')).toEqual({ status: 200, body: 'the web app' });
    await (await stage.connect('client')).quiet();
  });
});

describe('who may connect', () => {
  const localHosts = (): ReadonlySet<string> =>
    new Set(['127.0.0.1', 'localhost', '::1', 'zoes-pc.local', '192.168.1.7']);

  it('[TR11] without an Origin: no browser, may pass', async () => {
    await (await (await setStage({ localHosts })).connect('client')).quiet();
  });

  it("[TR11] the server's own Origin may pass, by whichever of its names", async () => {
    const stage = await setStage({ localHosts });
    for (const name of ['127.0.0.1', 'localhost', 'zoes-pc.local', 'ZOES-PC.local', '192.168.1.7', '[::1]']) {
      const host = `${name}:${stage.port}`;
      const client = await stage.connect(name, { headers: { host }, origin: `http://${host}` });
      await client.quiet();
    }
  });

  it('[TR11] every other Origin is refused with 403', async () => {
    const stage = await setStage({ localHosts });
    const own = `127.0.0.1:${stage.port}`;
    const origins = [
      'https://evil.example',
      'http://127.0.0.1',
      `http://127.0.0.1:${stage.port + 1}`,
      `https://${own}`,
      `http://localhost:${stage.port}`,
      `http://${own}.evil.example`,
      `http://${own}@evil.example`,
      `http://${own}/`,
      'null',
      '',
      'file://',
    ];
    for (const origin of origins) {
      await expect(stage.connect(origin, { headers: { host: own, origin } }), origin).rejects.toThrow('403');
    }
    expect(stage.server.counts().connections).toBe(0);
  });

  it("[TR12] a Host that is not the server's own is refused with 403, upgrades and pages alike (DNS rebinding)", async () => {
    const stage = await setStage({ localHosts });
    const hosts = [
      `evil.example:${stage.port}`,
      'evil.example',
      `127.0.0.1.evil.example:${stage.port}`,
      `localhost.evil.example`,
      `192.168.1.8:${stage.port}`,
      `127.0.0.1:${stage.port}@evil.example`,
      '[::2]',
      ':80',
    ];
    for (const host of hosts) {
      await expect(stage.connect(host, { headers: { host } }), host).rejects.toThrow('403');
      await expect(stage.connect(host, { headers: { host }, origin: `http://${host}` }), host).rejects.toThrow('403');
      expect((await ask(stage, '/', { host })).status, host).toBe(403);
    }
  });

  it('[TR11] [TR12] an allowed origin may pass, and its host is one of ours', async () => {
    const stage = await setStage({ localHosts, allowOrigins: ['https://relay.example'] });
    const origin = 'https://relay.example';
    await (await stage.connect('direct', { origin })).quiet();
    await (await stage.connect('by its name', { origin, headers: { host: 'relay.example' } })).quiet();
    await expect(stage.connect('over http', { origin: 'http://relay.example' })).rejects.toThrow('403');
    await expect(stage.connect('another', { origin: 'https://other.example' })).rejects.toThrow('403');
  });

  it('[TR12] a refused socket that is kept open by its client is cut off all the same', async () => {
    const stage = await setStage({ localHosts });
    const socket = connectTcp({ port: stage.port, host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    socket.write('GET /signal HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    await once(socket, 'end');
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    // The server must not wait for a client that never says goodbye.
    await stage.server.close();
    expect(socket.writable).toBe(true);
  });

  it('[RO7] [ER5] [RO1] session_create without the right token: unauthorized, and no role is taken', async () => {
    const stage = await setStage({ authorizeDesktop: (token) => token === 'of this run' });
    const { create, request, sessionID } = script();
    const client = await stage.connect('client');
    for (const message of [create, { ...create, token: 'guess' }]) {
      client.send(message);
      expect(await client.next('error')).toMatchObject({ code: 'unauthorized', replyTo: 'session_create', sessionID });
    }
    expect(stage.server.counts().sessions).toBe(0);
    client.send(request);
    expect(await client.next('error')).toMatchObject({ code: 'session_not_found' });
    const desktop = await stage.connect('desktop');
    desktop.send({ ...create, token: 'of this run' });
    await desktop.next('session_created');
  });
});
