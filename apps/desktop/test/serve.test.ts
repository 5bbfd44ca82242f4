import { createHmac } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openSeedClient } from '../../../conformance/src/seed-client.js';
import { WireClient } from '../../../conformance/src/wire-client.js';
import { type Command, event, runProxim } from './support/command.js';

const uuid = '550e8400-e29b-41d4-a716-446655440000';

/** The server's answer to a desktop that shows this token, or none. */
const createWith = async (
  url: string,
  answer: 'session_created' | 'error',
  token?: string,
): Promise<Readonly<Record<string, unknown>>> => {
  const desktop = await WireClient.connect(url);
  desktop.send({ type: 'session_create', sessionID: `session-${token ?? 'none'}`, uuid, token });
  const message = await desktop.next(answer);
  desktop.socket.close();
  await desktop.end();
  return message;
};

/** The five messages, from the request to a signal each way and the end. */
const pairAndSignal = async (url: string): Promise<void> => {
  const desktop = await openSeedClient(url);
  desktop.createSession('abc123', uuid);
  await desktop.receive('session_created');
  const mobile = await openSeedClient(url);
  mobile.requestPairing('abc123');
  const prompt = await desktop.receive('pair_prompt');
  expect(prompt['deviceInfo']).toEqual({ name: 'Galaxy S23', id: 'device-xyz' });
  desktop.respond('abc123', true);
  expect((await mobile.receive('pair_result'))['status']).toBe('approved');
  mobile.signal('abc123', { sdp: '...' });
  expect((await desktop.receive('signal'))['payload']).toEqual({ sdp: '...' });
  desktop.signal('abc123', { candidate: '...' });
  expect((await mobile.receive('signal'))['payload']).toEqual({ candidate: '...' });
  await mobile.close();
  await desktop.close();
};

/** Lines of the log that are more than a report. */
const warningsOf = (command: Command): readonly string[] =>
  command
    .errors()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{"level":"info"'));

describe('proxim serve', () => {
  let folder: string;
  let running: Command | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxim-serve-'));
  });

  afterEach(async () => {
    await running?.stop('SIGKILL');
    running = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const serve = (...args: readonly string[]): Command => {
    running = runProxim(['serve', '--json', '--port', '0', ...args]);
    return running;
  };

  it('says where it listens, and ends with status 0 at SIGTERM', async () => {
    const command = serve();
    const { port, url } = await command.next(event('listening'));
    expect(url).toBe(`ws://127.0.0.1:${String(port)}`);
    expect(await command.stop()).toBe(0);
  });

  it('answers GET / with one plain line, and with the phone’s page when asked to', async () => {
    const plain = serve();
    const { port } = await plain.next(event('listening'));
    const text = await (await fetch(`http://127.0.0.1:${String(port)}/`)).text();
    expect(text).toBe('Proxim signaling server.\n');
    await plain.stop();

    const web = serve('--web');
    const { port: webPort } = await web.next(event('listening'));
    const page = await fetch(`http://127.0.0.1:${String(webPort)}/`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('proxim-page')).toBe('1');
    expect(await page.text()).toContain('<title>Proxim</title>');
  });

  it('refuses to listen beyond loopback without tokens', async () => {
    const command = serve('--host', '0.0.0.0');
    expect(await command.ended()).toBe(1);
    expect(command.errors()).toMatch(/^proxim: --host: [^\n]*--token-file[^\n]*\n$/);
  });

  it.each([
    [['--pairing-timeout-seconds', 'soon'], '--pairing-timeout-seconds'],
    [['--max-attempts', '1.5'], '--max-attempts'],
    [['--signal-rate', '-1'], '--signal-rate'],
    [['--port', '70000'], '--port'],
    [['--token-file', '/nowhere/at/all'], '--token-file'],
    [['--ice-server', 'turn.example:3478'], '--ice-server'],
    [Array.from({ length: 9 }, () => ['--ice-server', 'stun:stun.example']).flat(), '--ice-server'],
    [['--ice-server', 'turn:turn.example', '--turn-secret-file', '/nowhere/at/all'], '--turn-secret-file'],
    [['--ice-server', 'stun:stun.example', '--turn-secret-file', '/dev/null'], '--turn-secret-file'],
    [['--ice-server', 'turn:turn.example', '--turn-secret-file', '/dev/null'], '--turn-secret-file'],
  ])('refuses %j at the start, with the flag’s name', async (args, flag) => {
    const command = serve(...args);
    expect(await command.ended()).toBe(1);
    expect(command.errors()).toContain(flag);
    expect(command.errors().trim().split('\n')).toHaveLength(1);
  });

  it('[RO8] takes sessions only from desktops that show a token of the file', async () => {
    const file = join(folder, 'tokens');
    await writeFile(file, '# the desks of the house\nfirst-desk\nsecond-desk\n');
    const command = serve('--token-file', file);
    const { url } = await command.next(event('listening'));
    expect(await createWith(String(url), 'session_created', 'second-desk')).toMatchObject({ uuid });
    expect(await createWith(String(url), 'error', 'guessed')).toMatchObject({ code: 'unauthorized' });
    expect(await createWith(String(url), 'error')).toMatchObject({ code: 'unauthorized' });
  });

  const withTurn = (file: string, ...args: readonly string[]): Command =>
    serve(
      '--ice-server',
      'stun:stun.example',
      '--ice-server',
      'turn:turn.example',
      '--turn-secret-file',
      file,
      ...args,
    );

  it('[MS16] tells each session credentials of its own for a TURN server that shares a secret with it', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, 'a secret: with ünïcode \nnot this one\n', { mode: 0o640 });
    const { url } = await withTurn(file).next(event('listening'));
    const names = new Set<string>();
    for (const token of ['one', 'two']) {
      const { iceServers } = await createWith(String(url), 'session_created', token);
      const [stun, turn] = iceServers as { username?: string; credential?: string }[];
      expect(stun).toEqual({ urls: 'stun:stun.example' });
      const { username = '', credential } = turn ?? {};
      const [, expiry, pseudonym = ''] = /^(\d+):([A-Za-z0-9_-]{16})$/.exec(username) ?? [];
      const secondsLeft = Number(expiry) - Date.now() / 1000;
      expect(secondsLeft).toBeGreaterThan(3500);
      expect(secondsLeft).toBeLessThanOrEqual(3601);
      expect(credential).toBe(createHmac('sha1', 'a secret: with ünïcode').update(username).digest('base64'));
      names.add(pseudonym);
    }
    expect(names.size).toBe(2);
    expect(running && warningsOf(running)).toEqual([]);
  });

  it('takes no secret that everybody may read', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, 'north\n');
    await chmod(file, 0o644);
    const command = withTurn(file);
    expect(await command.ended()).toBe(1);
    expect(command.errors()).toBe(
      `proxim: --turn-secret-file: everybody on this machine may use ${file}. Forbid it: chmod o= ${file}\n`,
    );
  });

  it('says in one line that TURN servers without a secret are of no use', async () => {
    const command = serve('--ice-server', 'turn:turn.example', '--ice-server', 'turns:turn.example');
    const { url } = await command.next(event('listening'));
    expect(await createWith(String(url), 'session_created')).toMatchObject({
      iceServers: [{ urls: 'turn:turn.example' }, { urls: 'turns:turn.example' }],
    });
    const warnings = warningsOf(command);
    expect(warnings).toHaveLength(1);
    expect(JSON.parse(warnings[0] ?? '')).toMatchObject({ level: 'warn', turnServers: 2 });
    expect(warnings[0]).toContain('--turn-secret-file');
  });

  it('lets two clients meet that were written from the five messages alone', async () => {
    const command = serve();
    const { url } = await command.next(event('listening'));
    await pairAndSignal(String(url));
  });

  it('never opens a file to write, while a session lives from its start to its end', async () => {
    const trace = join(folder, 'trace');
    running = runProxim(['serve', '--json', '--port', '0'], {
      under: [
        'strace',
        '-D',
        '-f',
        '-qq',
        '-o',
        trace,
        '-e',
        'trace=%file,openat,openat2,open,creat,mkdir,rename,unlink',
      ],
    });
    const { url } = await running.next(event('listening'));
    await pairAndSignal(String(url));
    expect(await running.stop()).toBe(0);
    const calls = (await readFile(trace, 'utf8')).split('\n');
    expect(calls.some((call) => call.includes('openat'))).toBe(true);
    const writes = calls.filter(
      (call) =>
        /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(call) ||
        /\b(?:creat|mkdir|mkdirat|rename|renameat2?|unlink|unlinkat|link|symlink|truncate|chmod|chown)\(/.test(call),
    );
    expect(writes.filter((call) => !/"\/dev\/(?:null|tty)"/.test(call))).toEqual([]);
  });
});
