import type { SessionID } from '@proxim/protocol';
import { turnCredentials, turnIceServers } from '@proxim/signaling';
import { describe, expect, it } from 'vitest';

import { script, setStage } from './stage.js';

const urls = ['stun:turn.example', 'turn:turn.example:3478?transport=udp', 'turns:turn.example'];
const secret = 'north';
const pseudonymKey = new Uint8Array(32).fill(5);
const wallClock = (): number => 1_700_000_000_000;
const iceServers = turnIceServers({ urls, secret, pseudonymKey, wallClock });
const sessionID = 'abc123' as SessionID;

/** When what is told of a session with so much time left lapses, in seconds from now. */
const lifeOf = (expiresInSeconds: number | null): number => {
  const { username } = iceServers(sessionID, expiresInSeconds)[1] ?? {};
  return Number(username?.split(':')[0]) - 1_700_000_000;
};

describe('TURN credentials', () => {
  // Made by: printf '%s' NAME | openssl dgst -sha1 -hmac SECRET -binary | base64
  it.each([
    [secret, 1_700_003_600, 'abcdefghijklmnop', 'qKXl80QOGSX1kXu7e2jfv+zVO1k='],
    [secret, 1_433_895_918, '506001', 'ygeNCC7+MWjn7f/pmy7TUaeyFyQ='],
    ['a secret: with ünïcode, and spaces', 1_700_003_600, 'abcdefghijklmnop', 'Yu9t445ZJsHmmM0Ne1v1bXZ2H6E='],
  ])('are what a TURN server with the secret %j makes of the name', (shared, expiresAt, user, credential) => {
    expect(turnCredentials({ secret: shared, user, expiresAt })).toEqual({
      username: `${String(expiresAt)}:${user}`,
      credential,
    });
  });

  it('are for TURN servers alone', () => {
    const credentials = { username: expect.any(String) as string, credential: expect.any(String) as string };
    expect(iceServers(sessionID, 900)).toEqual([
      { urls: urls[0] },
      { urls: urls[1], ...credentials },
      { urls: urls[2], ...credentials },
    ]);
  });

  it('outlast the session, are good for an hour at least, and for a day where no end is known', () => {
    expect(lifeOf(30)).toBe(3600);
    expect(lifeOf(3001)).toBe(3601);
    expect(lifeOf(2_000_000)).toBe(2_000_600);
    expect(lifeOf(null)).toBe(86_400);
  });

  it('name each session by another pseudonym, of which nobody can tell what stands behind it', () => {
    const nameOf = (id: string, key = pseudonymKey): string | undefined =>
      turnIceServers({ urls, secret, pseudonymKey: key, wallClock })(id as SessionID, 900)[1]?.username;
    const name = nameOf('abc123');
    expect(name).toMatch(/^\d{10}:[A-Za-z0-9_-]{16}$/);
    expect(name).not.toContain('abc123');
    expect(nameOf('abc123')).toBe(name);
    expect(nameOf('abc124')).not.toBe(name);
    // Whoever knows the session's name and the TURN server's secret cannot find it without the key.
    expect(nameOf('abc123', new Uint8Array(32).fill(6))).not.toBe(name);
  });
});

describe('a server whose TURN servers share a secret with it', () => {
  it('[MS14] [MS16] tells both peers of a session the same name, and one that lasts', async () => {
    const stage = await setStage({ iceServers, limits: { heartbeatSeconds: 10_000 } });
    const namesOf = async (sessionType: string, ttlSeconds?: number): Promise<readonly unknown[]> => {
      const lines = script();
      const desktop = await stage.connect('desktop');
      desktop.send({ ...lines.create, sessionType, ttlSeconds });
      const created = await desktop.next('session_created');
      const phone = await stage.connect('phone');
      phone.send(lines.request);
      await desktop.next('pair_prompt');
      desktop.send(lines.approve);
      const result = await phone.next('pair_result');
      return [created, result].map(({ iceServers: told }) => (told as { username?: string }[])[1]?.username);
    };
    const [desktopName, phoneName] = await namesOf('temporary', 7200);
    expect(desktopName).toMatch(/^1700007800:/);
    expect(phoneName).toBe(desktopName);
    // A one-time session is told with an end that it has no more when the phone is let in.
    for (const name of await namesOf('one_time')) expect(name).toMatch(/^1700086400:/);
    for (const name of await namesOf('persistent')) expect(name).toMatch(/^1700086400:/);
  });
});
