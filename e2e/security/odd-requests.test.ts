import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Command, event, runProxim } from '../../apps/desktop/test/support/command.js';
import { handshake, rawRequest } from './raw-request.js';

/** A handshake of a version that nobody speaks. */
const poorHandshake = handshake.map((line) => line.replace('Version: 13', 'Version: 99'));

let app: Command;
const ports = { phone: 0, window: 0 };

beforeAll(async () => {
  app = runProxim(['--json', '--no-open', '--port', '0']);
  const { port, ui } = await app.next(event('listening'));
  Object.assign(ports, { phone: Number(port), window: Number(new URL(String(ui)).port) });
  await app.next(event('session'));
  await app.next(event('error', { code: 'no_screen' }));
});

afterAll(async () => {
  await app.stop();
});

describe.each([
  ['phone', '/signal'],
  ['window', '/window'],
] as const)('the listener of the %s’s page', (listener, path) => {
  const port = (): number => ports[listener];
  const own = (): string => `127.0.0.1:${String(port())}`;

  /** The status of a GET of the page, and of an upgrade with an `Origin` of the listener's own. */
  const statuses = async (hosts: readonly string[], origin = `http://${own()}`, version = 'HTTP/1.1') => {
    const page = await rawRequest(port(), [`GET / ${version}`, ...hosts, 'Connection: close']);
    const upgrade = await rawRequest(port(), [`GET ${path} ${version}`, ...hosts, `Origin: ${origin}`, ...handshake]);
    return [page.status, upgrade.status];
  };

  it('answers a plain request, and a WebSocket with its own Origin', async () => {
    expect(await statuses([`Host: ${own()}`])).toEqual([200, 101]);
  });

  it.each([
    ['of another name', 'evil.example'],
    ['of another name that ends with a dot', 'evil.example.'],
    ['of another name in capitals', 'EVIL.EXAMPLE'],
    ['that is empty', ''],
    ['with userinfo before it', 'PROXIM@OWN'],
    ['with userinfo behind it', 'OWN@evil.example'],
    ['that begins like ours', '127.0.0.1.evil.example'],
    ['that ends like ours', 'evil.example.127.0.0.1'],
    ['with two dots at its end', 'localhost..'],
    ['with a port that is none', '127.0.0.1:999999'],
    ['with an empty port', '127.0.0.1:'],
    ['of an IPv6 address with a zone', '[fe80::1%25lan0]'],
    ['of ::1 with a zone', '[::1%lo]'],
    ['of 127.0.0.1 as IPv6', '[::ffff:127.0.0.1]'],
    ['that means every address', '0.0.0.0'],
    ['of 127.0.0.1 as a number', '2130706433'],
    ['of 127.0.0.1 in short', '127.1'],
    ['of 127.0.0.1 in hexadecimal', '0x7f.0.0.1'],
    ['that is a list', 'OWN, evil.example'],
    ['with a tab in it', 'OWN\tevil.example'],
    ['that is a URL', 'http://OWN'],
  ])('[TR12] refuses a Host %s with 403', async (_what, host) => {
    const sent = `Host: ${host.replace('OWN', own())}`;
    expect(await statuses([sent])).toEqual([403, 403]);
    expect(await statuses([sent], `http://${host.replace('OWN', own())}`)).toEqual([403, 403]);
  });

  it('[TR12] refuses a request without a Host, and one with two of them', async () => {
    expect(await statuses([])).toEqual([400, 403]);
    expect(await statuses([], undefined, 'HTTP/1.0')).toEqual([403, 403]);
    expect(await statuses(['Host: evil.example', `Host: ${own()}`])).toEqual([403, 403]);
    expect(await statuses([`Host: ${own()}`, 'Host: evil.example'])).toEqual([403, 403]);
  });

  it('[TR12] refuses a Host with a space before its colon, or on two lines', async () => {
    expect(await statuses([`Host : ${own()}`])).toEqual([400, 400]);
    expect(await statuses(['Host: evil.example', ` ${own()}`])).toEqual([400, 400]);
  });

  it('[TR11] takes names of its own in capitals, with a dot, or with another port for its page, and not for a WebSocket', async () => {
    // A forwarded port has another number outside. The Origin then has it too, unless the page is somebody else's.
    const names = [`LOCALHOST:${String(port())}`, `localhost.:${String(port())}`, '127.0.0.1:1', '127.0.0.1'];
    for (const name of names) expect(await statuses([`Host: ${name}`]), name).toEqual([200, 403]);
  });

  it('[TR12] serves nothing under a whole URL, and opens no WebSocket there', async () => {
    for (const base of ['http://evil.example', `http://${own()}`, '//evil.example']) {
      const page = await rawRequest(port(), [`GET ${base}/ HTTP/1.1`, `Host: ${own()}`, 'Connection: close']);
      expect(page.status, base).toBe(404);
      const upgrade = [`GET ${base}${path} HTTP/1.1`, `Host: ${own()}`, `Origin: http://${own()}`, ...handshake];
      expect([403, 404], base).toContain((await rawRequest(port(), upgrade)).status);
    }
    const tunnel = await rawRequest(port(), ['CONNECT evil.example:80 HTTP/1.1', `Host: ${own()}`]);
    expect(tunnel.status).toBe(0);
  });

  it('[TR11] refuses a WebSocket whose Origin only looks like its own', async () => {
    const origins = [
      'null',
      '',
      'file://',
      'http://evil.example',
      'http://127.0.0.1',
      `https://${own()}`,
      `ws://${own()}`,
      `http://${own()}/`,
      `http://${own()}#`,
      `http://${own()}.evil.example`,
      `http://${own()}@evil.example`,
      `http://evil.example@${own()}`,
      `http://evil.example/${own()}`,
      `http://evil.example#${own()}`,
      `http://evil.example\\@${own()}`,
      `http://127.0.0.1:0${String(port())}`,
      `http://localhost:${String(port())}`,
      `http://127.0.0.1.:${String(port())}`,
      `http://2130706433:${String(port())}`,
      `http://１２７.0.0.1:${String(port())}`,
      `http://${own()}, http://evil.example`,
      `http://evil.example http://${own()}`,
      `http://${own()}\r\nOrigin: http://evil.example`,
      `http://evil.example\r\nOrigin: http://${own()}`,
    ];
    for (const origin of origins) {
      const lines = [`GET ${path} HTTP/1.1`, `Host: ${own()}`, `Origin: ${origin}`, ...handshake];
      expect((await rawRequest(port(), lines)).status, origin).toBe(403);
      const page = await rawRequest(port(), [
        'GET / HTTP/1.1',
        `Host: ${own()}`,
        `Origin: ${origin}`,
        'Connection: close',
      ]);
      expect(page.status, origin).toBe(403);
    }
  });

  it('does nothing for methods that change something', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      const lines = [`${method} / HTTP/1.1`, `Host: ${own()}`, 'Content-Length: 0', 'Connection: close'];
      const { status, text } = await rawRequest(port(), lines);
      expect(status, method).toBe(405);
      expect(text.toLowerCase(), method).not.toContain('access-control-');
    }
  });

  it('serves no file from outside its folder', async () => {
    for (const file of ['/../window/index.html', '/%2e%2e/window/index.html', '/..%2fmobile%2findex.html', '/.env']) {
      const lines = [`GET ${file} HTTP/1.1`, `Host: ${own()}`, 'Connection: close'];
      expect((await rawRequest(port(), lines)).status, file).toBe(404);
    }
  });

  it.each([
    ['403', ['GET / HTTP/1.1', 'Host: evil.example', 'Connection: close'], 403],
    ['403 to a WebSocket', [`GET ${path} HTTP/1.1`, 'Host: evil.example', ...handshake], 403],
    ['404', ['GET /missing HTTP/1.1', 'Host: OWN', 'Connection: close'], 404],
    ['405', ['POST / HTTP/1.1', 'Host: OWN', 'Content-Length: 0', 'Connection: close'], 405],
    ['400 to what is no request', ['GET / HTTP/1.1', 'Host : OWN'], 400],
    ['400 to what is no handshake', [`GET ${path} HTTP/1.1`, 'Host: OWN', 'Origin: http://OWN', ...poorHandshake], 400],
    ['431', ['GET / HTTP/1.1', 'Host: OWN', `Cookie: ${'c'.repeat(200_000)}`, 'Connection: close'], 431],
  ])('says with %s too that it is nothing for other pages', async (_what, lines, expected) => {
    const { status, text } = await rawRequest(
      port(),
      lines.map((line) => line.replace('OWN', own())),
    );
    expect(status).toBe(expected);
    const head = text.slice(0, text.indexOf('\r\n\r\n')).toLowerCase();
    expect(head).toContain('\r\nx-content-type-options: nosniff');
    expect(head).toContain('\r\ncross-origin-resource-policy: same-origin');
    expect(head).toContain('\r\nreferrer-policy: no-referrer');
    expect(head).not.toContain('access-control-');
    // One line that says what is the matter.
    expect(text.slice(head.length)).toMatch(/^[A-Z].{10,}\.\r?$/m);
  });

  it('is not put off by the cookies of other ports of its host, which browsers send along', async () => {
    const cookies = Array.from({ length: 12 }, (_, port) => `port${String(port)}=${'c'.repeat(4000)}`).join('; ');
    const lines = ['GET / HTTP/1.1', `Host: ${own()}`, `Cookie: ${cookies}`, 'Connection: close'];
    expect((await rawRequest(port(), lines)).status).toBe(200);
  });

  it('sends every file with headers that keep other pages out', async () => {
    const folder = fileURLToPath(
      new URL(`../../apps/desktop/dist/${listener === 'phone' ? 'mobile' : 'window'}`, import.meta.url),
    );
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
    expect(files.length).toBeGreaterThan(3);
    for (const at of ['/', '/missing', ...files.map((file) => file.slice(folder.length))]) {
      const { status, headers } = await fetch(`http://${own()}${at}`);
      expect(status, at).toBe(at === '/missing' ? 404 : 200);
      const policy = new Map(
        (headers.get('content-security-policy') ?? '').split('; ').map((part) => {
          const [name = '', ...sources] = part.split(' ');
          return [name, sources];
        }),
      );
      expect(policy.get('default-src'), at).toEqual(["'none'"]);
      expect(policy.get('frame-ancestors'), at).toEqual(["'none'"]);
      expect(policy.get('base-uri'), at).toEqual(["'none'"]);
      expect(policy.get('form-action'), at).toEqual(["'none'"]);
      expect(policy.get('script-src'), at).toEqual(
        listener === 'phone' ? ["'self'", "'wasm-unsafe-eval'"] : ["'self'"],
      );
      expect(policy.get('style-src'), at).toEqual(["'self'"]);
      const connects = listener === 'phone' ? [`ws://${own()}`, `wss://${own()}`] : [`ws://${own()}`];
      expect(policy.get('connect-src'), at).toEqual(["'self'", ...connects]);
      const all = [...policy.values()].flat();
      expect(all, at).not.toContain("'unsafe-inline'");
      expect(all, at).not.toContain("'unsafe-eval'");
      expect(
        all.filter((source) => /^(\*|https?:)/.test(source)),
        at,
      ).toEqual([]);
      expect(Object.fromEntries(headers), at).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(
        [...headers.keys()].filter((name) => name.startsWith('access-control-')),
        at,
      ).toEqual([]);
    }
  });
});

describe('the window’s listener', () => {
  it('[TR12] does not know this machine by its name, which others could give out', async () => {
    const host = `${hostname()}:${String(ports.window)}`;
    const page = await rawRequest(ports.window, ['GET / HTTP/1.1', `Host: ${host}`, 'Connection: close']);
    expect(page.status).toBe(403);
  });

  it('[TR11] opens no WebSocket without an Origin, nor at another path', async () => {
    const own = `127.0.0.1:${String(ports.window)}`;
    const lines = (path: string): readonly string[] => [`GET ${path} HTTP/1.1`, `Host: ${own}`, ...handshake];
    expect((await rawRequest(ports.window, lines('/window'))).status).toBe(403);
    for (const path of ['/', '/signal', '/window/', '/window?x', '//window', '/%77indow']) {
      expect((await rawRequest(ports.window, [...lines(path), `Origin: http://${own}`])).status, path).toBe(403);
    }
  });
});

it('nothing of all this made a session, or asked anybody anything', async () => {
  app.send({ command: 'close', sessionID: 'nothing-here' });
  await app.next(event('error', { code: 'session_not_found' }));
  expect(app.seen()).toEqual([]);
});
