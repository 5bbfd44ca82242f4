import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { expect, it, onTestFinished } from 'vitest';

import { WireClient } from '../../../conformance/src/wire-client.js';
import { head, openRaw } from './raw-socket.js';
import { setStage } from './stage.js';

/** A certificate for this machine that nobody else has seen. */
const certificate = (): { readonly cert: string; readonly key: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'proxim-tls-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const pems = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  rmSync(folder, { recursive: true });
  return pems;
};

it('[LI11] [LI12] over TLS the same time is given, from before its first byte on, and the same number', async () => {
  const tls = certificate();
  const stage = await setStage({ tls, limits: { maxConnectionsPerAddress: 3 } });
  const connect = async (): Promise<WireClient> => {
    const client = await WireClient.connect(`wss://127.0.0.1:${stage.port}/signal`, { ca: tls.cert });
    onTestFinished(() => client.socket.terminate());
    return client;
  };
  const silent = await openRaw(stage);
  // One that has begun TLS and asks for nothing.
  const idle = connectTls({ port: stage.port, host: '127.0.0.1', ca: tls.cert });
  onTestFinished(() => void idle.destroy());
  // A server that ends a socket with bytes on their way resets it.
  idle.on('error', () => undefined);
  await once(idle, 'secureConnect');
  const client = await connect();
  await client.quiet();

  const asked = httpsRequest({ port: stage.port, host: '127.0.0.1', ca: tls.cert, agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  response.resume();
  expect(response.statusCode).toBe(200);
  await once(response, 'end');

  const idleEnded = new Promise((resolve) => idle.once('close', resolve));
  idle.write(head('/').slice(0, 20));
  stage.pass(10);
  await idleEnded;
  await silent.ended;
  await client.quiet();

  // Three that say nothing, and a fourth that does.
  const first = await openRaw(stage);
  await openRaw(stage);
  await openRaw(stage);
  await (await connect()).quiet();
  await first.ended;
  expect(stage.server.counts().connections).toBe(2);
});
