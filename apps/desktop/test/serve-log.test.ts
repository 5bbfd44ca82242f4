import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { WireClient } from '../../../conformance/src/wire-client.js';
import { type Command, event, type Line, runProxim } from './support/command.js';
import { pairOver, type WirePairing } from './support/wire-pairing.js';

const desktopToken = 'token-of-the-first-desk';

describe('the log of proxim serve', () => {
  let folder: string;
  let running: Command | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxim-log-'));
  });

  afterEach(async () => {
    await running?.stop('SIGKILL');
    running = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a server through all that it can log: pairings that come to something and to nothing, errors, refusals. */
  const runAt = async (
    ...level: readonly string[]
  ): Promise<{ log: string; lines: Line[]; pairings: WirePairing[] }> => {
    const file = join(folder, 'tokens');
    await writeFile(file, `${desktopToken}\n`);
    running = runProxim(['serve', '--json', '--port', '0', '--token-file', file, ...level]);
    const { url } = await running.next(event('listening'));
    const paired = await pairOver(String(url), undefined, desktopToken);
    const refused = await pairOver(String(url), 'no_one_like_you', desktopToken);
    const { desktop, phone, signal, create } = paired;
    phone.send(signal);
    await desktop.next('signal');
    phone.send(`{"broken":"${paired.sessionID}"`);
    await phone.next('error');
    const guesser = await WireClient.connect(String(url));
    guesser.send({ ...create, token: `not-${desktopToken}` });
    await guesser.next('error');
    const headers = { host: 'evil.example', origin: 'http://evil.example' };
    await expect(WireClient.connect(String(url), { headers })).rejects.toThrow('403');
    await expect(WireClient.connect(`${String(url)}/${paired.sessionID}`)).rejects.toThrow('404');
    await guesser.lose();
    expect(await running.stop()).toBe(0);
    const log = running.errors();
    const lines =
      log === ''
        ? []
        : log
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as Line);
    return { log, lines, pairings: [paired, refused] };
  };

  it.each(['trace', 'debug', 'info'])('at level %s says what happens, and never who it was', async (level) => {
    const { log, lines, pairings } = await runAt('--log-level', level);
    const secrets = [
      ...pairings.flatMap((pairing) => pairing.secrets),
      desktopToken,
      'evil.example',
      '127.0.0.1',
      'sdp',
    ];
    expect(secrets.length).toBeGreaterThan(20);
    for (const secret of secrets) expect(log).not.toContain(secret);
    for (const { level: said, message, time } of lines) {
      expect([typeof said, typeof message, typeof time]).toEqual(['string', 'string', 'number']);
    }
    const messages = lines.map(({ message }) => message);
    expect(messages).toEqual(expect.arrayContaining(['listening', 'request refused', 'going down', 'down']));
    expect(messages.includes('pairing ended')).toBe(level !== 'info');
    expect(messages.includes('signal relayed')).toBe(level === 'trace');
    if (level === 'info') return;
    expect(lines).toContainEqual(expect.objectContaining({ message: 'pairing ended', result: 'approved' }));
    expect(lines).toContainEqual(expect.objectContaining({ message: 'pairing ended', result: 'other' }));
    expect(lines).toContainEqual(expect.objectContaining({ message: 'error sent', code: 'unauthorized' }));
  });

  it('says at info what it says without the flag, and nothing at silent', async () => {
    const messagesAt = async (...level: readonly string[]): Promise<unknown[]> =>
      (await runAt(...level)).lines.map(({ level: said, message }) => [said, message]);
    expect(await messagesAt()).toEqual(await messagesAt('--log-level', 'info'));
    expect(await messagesAt('--log-level', 'silent')).toEqual([]);
  });

  it('knows no other level', async () => {
    running = runProxim(['serve', '--log-level', 'loud']);
    expect(await running.ended()).toBe(1);
    expect(running.errors()).toMatch(/^proxim: [^\n]*--log-level[^\n]*\n$/);
  });
});
