import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { WireClient } from '../../../conformance/src/wire-client.js';
import { event, runProxim } from './support/command.js';

describe('proxim with a certificate', () => {
  let folder: string;
  let cert: string;
  let key: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxim-tls-'));
    cert = join(folder, 'cert.pem');
    key = join(folder, 'key.pem');
    const subject = ['-subj', '/CN=desk.example', '-days', '2', '-nodes'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('serves https and wss alone, and reaches its own server although the certificate names another host', async () => {
    const app = runProxim(['--json', '--no-open', '--port', '0', '--tls-cert', cert, '--tls-key', key]);
    try {
      const { url, port } = await app.next(event('listening'));
      expect(url).toBe(`wss://127.0.0.1:${String(port)}`);
      expect(String((await app.next(event('session')))['link'])).toMatch(/^https:\/\//);

      const status = await new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBe(200);
      const phone = await WireClient.connect(String(url), { rejectUnauthorized: false });
      await phone.quiet();
      phone.socket.close();
      await phone.end();
      await expect(WireClient.connect(`ws://127.0.0.1:${String(port)}`)).rejects.toThrow();
    } finally {
      await app.stop();
    }
  });

  it('wants certificate and key together', async () => {
    const app = runProxim(['--json', '--no-open', '--port', '0', '--tls-cert', cert]);
    expect(await app.ended()).toBe(1);
    expect(app.errors()).toBe('proxim: --tls-cert and --tls-key go together.\n');
  });
});
