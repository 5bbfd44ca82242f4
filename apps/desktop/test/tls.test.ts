import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { WireClient } from '../../../conformance/src/wire-client.js';
import { CertificateAuthority, type Issued } from './support/certificate-authority.js';
import { type Command, event, runProxim } from './support/command.js';

const dayMs = 86_400_000;

let authority: CertificateAuthority;
/** For a name and 127.0.0.1. */
let good: Issued;
let app: Command | undefined;

beforeAll(() => {
  authority = new CertificateAuthority();
  good = authority.issue({ names: ['DNS:desk.example', 'DNS:*.home.example', 'IP:127.0.0.1'] });
});

afterEach(async () => {
  await app?.stop();
  app = undefined;
});

afterAll(() => {
  authority.remove();
});

const start = (...args: readonly string[]): Command => {
  app = runProxim(['--json', '--no-open', '--port', '0', ...args]);
  return app;
};

const hostOf = (link: unknown): string => new URL(String(link)).hostname;

/** A request that trusts the test's authority alone. */
const ask = async (
  port: unknown,
  options: { readonly servername?: string; readonly headers?: Record<string, string> } = {},
): Promise<IncomingMessage> => {
  const sent = httpsRequest({ host: '127.0.0.1', port: Number(port), ca: authority.root, agent: false, ...options });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response;
};

describe('proxim with a certificate', () => {
  it('[TR1] serves https and wss alone, to whoever trusts its issuer, and reaches its own server', async () => {
    const running = start('--host', '127.0.0.1', ...good.flags);
    const { url, port } = await running.next(event('listening'));
    expect(url).toBe(`wss://127.0.0.1:${String(port)}`);
    expect((await running.next(event('session')))['link']).toMatch(/^https:\/\//);
    const response = await ask(port);
    expect(response.statusCode).toBe(200);
    // Another time the same host may speak plain http: nothing may forbid that to the browser.
    expect(response.headers['strict-transport-security']).toBeUndefined();
    expect(response.headers['content-security-policy']).toContain(`wss://127.0.0.1:${String(port)}`);
    const phone = await WireClient.connect(String(url), { ca: authority.root });
    await phone.quiet();
    phone.socket.close();
    await phone.end();
    await expect(WireClient.connect(`ws://127.0.0.1:${String(port)}`)).rejects.toThrow('400');
    await expect(WireClient.connect(String(url))).rejects.toThrow(/certificate/);
  });

  it('[TR11] [TR12] answers to the names of the certificate, and to pages of its own https origin alone', async () => {
    const running = start('--host', '127.0.0.1', ...good.flags);
    const { port, url } = await running.next(event('listening'));
    const own = `desk.example:${String(port)}`;
    const status = async (headers: Record<string, string>): Promise<number | undefined> =>
      (await ask(port, { servername: 'desk.example', headers })).statusCode;
    expect(await status({ Host: own })).toBe(200);
    expect(await status({ Host: own, Origin: `https://${own}` })).toBe(200);
    expect(await status({ Host: own, Origin: `http://${own}` })).toBe(403);
    expect(await status({ Host: `other.example:${String(port)}` })).toBe(403);
    const connect = (origin: string) => WireClient.connect(String(url), { ca: authority.root, origin });
    await expect(connect(`http://127.0.0.1:${String(port)}`)).rejects.toThrow('403');
    const page = await connect(`https://127.0.0.1:${String(port)}`);
    page.socket.close();
    await page.end();
  });

  it('[TR14] takes TLS 1.2 and 1.3, and nothing older, whatever Node is told', async () => {
    app = runProxim(['--json', '--no-open', '--port', '0', '--host', '127.0.0.1', ...good.flags], {
      env: { NODE_OPTIONS: '--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0' },
    });
    const { port } = await app.next(event('listening'));
    const shake = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> =>
      new Promise((resolve, reject) => {
        const versions = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
        const socket = connectTls({ host: '127.0.0.1', port: Number(port), ca: authority.root, ...versions }, () => {
          resolve(socket.getProtocol());
          socket.end();
        });
        socket.on('error', reject);
      });
    expect(await shake('TLSv1.3')).toBe('TLSv1.3');
    expect(await shake('TLSv1.2')).toBe('TLSv1.2');
    await expect(shake('TLSv1.1')).rejects.toThrow('protocol version');
  });

  it('[TR14] sends a page that was asked for by http on to https for this once, and nobody elsewhere', async () => {
    const running = start('--host', '127.0.0.1', ...good.flags);
    const { port } = await running.next(event('listening'));
    const plain = async (method: string, headers: Record<string, string> = {}): Promise<IncomingMessage> => {
      const sent = httpRequest({ host: '127.0.0.1', port: Number(port), path: '/a?b', method, agent: false, headers });
      sent.end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return response;
    };
    const sentOn = await plain('GET');
    expect(sentOn.statusCode).toBe(307);
    expect(sentOn.headers).toMatchObject({
      location: `https://127.0.0.1:${String(port)}/a?b`,
      'cache-control': 'no-store',
    });
    expect((await plain('POST')).statusCode).toBe(400);
    const elsewhere = await plain('GET', { Host: 'evil.example' });
    expect(elsewhere.statusCode).toBe(403);
    expect(elsewhere.headers.location).toBeUndefined();
  });

  it('ends in time although somebody has connected and said nothing', async () => {
    const running = start('--host', '127.0.0.1', ...good.flags);
    const { port } = await running.next(event('listening'));
    const silent = connectTcp(Number(port), '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    expect(await running.stop('SIGTERM')).toBe(0);
    await closed;
  });
});

describe('the link under a certificate', () => {
  it('names the host that --address names', async () => {
    const running = start('--address', 'room.home.example', ...good.flags);
    const { link } = await running.next(event('session'));
    expect(hostOf(link)).toBe('room.home.example');
    const { port } = await running.next(event('listening'));
    const headers = { Host: `room.home.example:${String(port)}` };
    expect((await ask(port, { servername: 'room.home.example', headers })).statusCode).toBe(200);
    expect(
      running
        .seen()
        .filter(event('error'))
        .map(({ code }) => code),
    ).not.toContain('certificate_other_name');
  });

  it('chooses by itself what the certificate is good for: an address of this machine, else a name', async () => {
    const namespace = `proxim-tls-${String(process.pid)}`;
    const ip = (...args: readonly string[]): void => {
      execFileSync('ip', [...args]);
    };
    const inside = ['ip', 'netns', 'exec', namespace];
    ip('netns', 'add', namespace);
    try {
      ip('-n', namespace, 'link', 'set', 'lo', 'up');
      ip('-n', namespace, 'link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'veth0');
      ip('-n', namespace, 'addr', 'add', '192.168.77.2/24', 'dev', 'lan0');
      ip('-n', namespace, 'link', 'set', 'lan0', 'up');
      ip('-n', namespace, 'link', 'set', 'veth0', 'up');
      const chosen = async ({ flags }: Issued): Promise<string> => {
        app = runProxim(['--json', '--no-open', '--port', '0', ...flags], { under: inside });
        const { link } = await app.next(event('session'));
        app.send({ command: 'quit' });
        expect(await app.ended()).toBe(0);
        expect(app.seen().map(({ code }) => code)).not.toContain('certificate_other_name');
        return hostOf(link);
      };
      expect(await chosen(good)).toBe('desk.example');
      const both = authority.issue({ names: ['DNS:desk.example', 'IP:192.168.77.2'] });
      expect(await chosen(both)).toBe('192.168.77.2');
    } finally {
      ip('netns', 'del', namespace);
    }
  });

  it('tells when phones will refuse the address, and for what the certificate is', async () => {
    const running = start('--address', '10.9.8.7', ...good.flags);
    const { link } = await running.next(event('session'));
    expect(hostOf(link)).toBe('10.9.8.7');
    const error = await running.next(event('error', { code: 'certificate_other_name' }));
    expect(error['message']).toContain('10.9.8.7');
    expect(error['message']).toContain('desk.example, *.home.example and 127.0.0.1');
    expect(error['message']).toContain('--address');
  });

  it.each([
    ['certificate_expired', { notBefore: -9 * dayMs, notAfter: -dayMs }],
    ['certificate_not_yet', { notBefore: dayMs, notAfter: 9 * dayMs }],
    ['certificate_ends_soon', { notBefore: -dayMs, notAfter: 3 * dayMs }],
  ])('tells %s and serves all the same: the clock may be wrong, and a renewal may follow', async (code, ages) => {
    const now = Date.now();
    const dates = { notBefore: now + ages.notBefore, notAfter: now + ages.notAfter };
    const { flags } = authority.issue({ names: ['IP:127.0.0.1'], ...dates });
    const running = start('--host', '127.0.0.1', '--address', '127.0.0.1', ...flags);
    await running.next(event('listening'));
    await running.next(event('error', { code }));
  });

  it('tells when the file lacks the issuer', async () => {
    const extensions = ['authorityInfoAccess=caIssuers;URI:http://authority.example/issuer.der'];
    const { cert, flags } = authority.issue({ names: ['IP:127.0.0.1'], extensions });
    const [own = ''] = readFileSync(cert, 'utf8').split(/(?<=-----END CERTIFICATE-----\n)/);
    writeFileSync(cert, own);
    await start('--address', '127.0.0.1', ...flags).next(event('error', { code: 'certificate_incomplete' }));
  });

  it('tells when iPhones alone will refuse', async () => {
    const vague = authority.issue({ names: ['IP:127.0.0.1'], isForServers: false });
    const first = await start('--address', '127.0.0.1', ...vague.flags).next(
      event('error', { code: 'certificate_not_for_apple' }),
    );
    expect(first['message']).toContain('serverAuth');
    await app?.stop();
    const long = authority.issue({ names: ['IP:127.0.0.1'], notAfter: Date.now() + 900 * dayMs });
    const second = await start('--address', '127.0.0.1', ...long.flags).next(
      event('error', { code: 'certificate_not_for_apple' }),
    );
    expect(second['message']).toContain('825 days');
  });

  it('is not made with a page on https and a relay without TLS: no browser would call that', async () => {
    const running = start('--signaling', 'ws://relay.example', ...good.flags);
    expect(await running.ended()).toBe(1);
    expect(running.errors()).toMatch(/^proxim: --signaling: [^\n]+\n$/);
  });
});

describe('files that cannot be served', () => {
  const refusal = async (cert: string, key: string): Promise<string> => {
    const running = start('--tls-cert', cert, '--tls-key', key);
    expect(await running.ended()).toBe(1);
    expect(running.errors()).toMatch(/^proxim: [^\n]+\n$/);
    return running.errors();
  };
  const file = (name: string, text: string): string => {
    const path = join(authority.folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('wants certificate and key together', async () => {
    const running = start('--tls-cert', good.cert);
    expect(await running.ended()).toBe(1);
    expect(running.errors()).toBe('proxim: --tls-cert and --tls-key go together.\n');
  });

  it('says which file is missing, or is no file', async () => {
    expect(await refusal('/nowhere/cert.pem', good.key)).toContain('--tls-cert: there is no file /nowhere/cert.pem.');
    expect(await refusal(good.cert, '/nowhere/key.pem')).toContain('--tls-key: there is no file /nowhere/key.pem.');
    expect(await refusal(good.cert, authority.folder)).toContain('--tls-key: the file');
  });

  it('says which file is not PEM, and when the two are swapped', async () => {
    const noise = file('noise.pem', 'hello\n');
    expect(await refusal(noise, good.key)).toContain('--tls-cert: the file');
    expect(await refusal(good.cert, noise)).toContain('--tls-key: the file');
    expect(await refusal(good.key, good.cert)).toContain('swapped');
    const broken = file('broken.pem', '-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n');
    expect(await refusal(broken, good.key)).toContain('holds no certificate');
  });

  it('says when the key is another certificate’s', async () => {
    const other = authority.issue({ names: ['DNS:other.example'] });
    expect(await refusal(good.cert, other.key)).toContain('does not belong to the certificate');
  });

  it('says when the certificate of the key does not stand first', async () => {
    const [own = '', issuer = ''] = readFileSync(good.cert, 'utf8').split(/(?<=-----END CERTIFICATE-----\n)/);
    expect(await refusal(file('turned.pem', `${issuer}${own}`), good.key)).toContain('does not stand first');
  });

  it('says when the key is locked', async () => {
    const locked = join(authority.folder, 'locked.key');
    const lock = ['-aes256', '-passout', 'pass:secret'];
    execFileSync('openssl', ['pkey', '-in', good.key, '-out', locked, ...lock], { stdio: 'ignore' });
    expect(await refusal(good.cert, locked)).toContain('locked with a passphrase');
    execFileSync('openssl', ['ec', '-in', good.key, '-out', locked, ...lock], { stdio: 'ignore' });
    expect(await refusal(good.cert, locked)).toContain('locked with a passphrase');
  });

  it('says when a key is too short for OpenSSL', async () => {
    const [cert, key] = [join(authority.folder, 'short.pem'), join(authority.folder, 'short.key')];
    const request = ['req', '-x509', '-newkey', 'rsa:512', '-nodes', '-subj', '/CN=short', '-days', '2'];
    execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    expect(await refusal(cert, key)).toContain('--tls-cert, --tls-key: they cannot be used');
  });
});

describe('proxim doctor with a certificate', () => {
  const examine = async (...args: readonly string[]) => {
    const command = runProxim(['doctor', '--json', '--port', '0', '--host', '127.0.0.1', ...args]);
    const status = await command.ended();
    return { status, finding: (check: string) => command.seen().find((line) => line['check'] === check) };
  };

  it('says for what it is good and until when, and asks for the page by https', async () => {
    const { finding } = await examine('--address', '127.0.0.1', ...good.flags);
    expect(finding('certificate')).toMatchObject({ result: 'ok' });
    expect(finding('certificate')?.['message']).toMatch(
      /is for desk\.example, \*\.home\.example and 127\.0\.0\.1, and lasts until \d{4}-\d\d-\d\d, for 29 days\./,
    );
    expect(finding('reachable')).toMatchObject({ result: 'ok' });
  });

  it('fails where phones will refuse it, or Proxim does', async () => {
    const foreign = await examine('--address', '10.9.8.7', ...good.flags);
    expect(foreign.finding('certificate')).toMatchObject({ result: 'failure' });
    expect(foreign.status).toBe(1);
    const dates = { notBefore: Date.now() - 9 * dayMs, notAfter: Date.now() - dayMs };
    const old = authority.issue({ names: ['IP:127.0.0.1'], ...dates });
    expect((await examine('--address', '127.0.0.1', ...old.flags)).finding('certificate')).toMatchObject({
      result: 'failure',
      message: expect.stringContaining('ended on') as string,
    });
    const missing = await examine('--tls-cert', '/nowhere/cert.pem', '--tls-key', good.key);
    expect(missing.finding('certificate')).toMatchObject({
      result: 'failure',
      message: '--tls-cert: there is no file /nowhere/cert.pem.',
    });
  });

  it('warns of a key that other users can read', async () => {
    const { key, flags } = authority.issue({ names: ['IP:127.0.0.1'] });
    chmodSync(key, 0o644);
    const { finding } = await examine('--address', '127.0.0.1', ...flags);
    expect(finding('certificate')).toMatchObject({ result: 'warning' });
    expect(finding('certificate')?.['cure']).toContain('chmod 600');
  });
});
