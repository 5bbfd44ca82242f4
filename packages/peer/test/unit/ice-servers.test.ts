import { describe, expect, it } from 'vitest';

import { IceServerBook } from '../../src/common/ice-server-book.js';
import { readIceServers } from '../../src/common/ice-servers.js';
import { HandDesktop } from '../stage/hand-desktop.js';
import type { Message } from '../stage/hand-sockets.js';
import { HandPhone } from '../stage/hand-phone.js';
import { settle } from '../stage/settle.js';

const turn = { urls: 'turn:turn.example', username: '1700003600:YWJj_-', credential: 'ygeNCC7+MWjn7f/pmy7TUaeyFyQ=' };

/** So many STUN servers, each on another host. */
const hosts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ urls: `stun:s${String(from + index)}.example` }));

describe('TURN credentials of a relay', () => {
  it('are used as they are, the colon of TURN REST included', () => {
    const { username, credential } = turn;
    expect(readIceServers([turn])).toMatchObject([{ username, credential }]);
  });

  it.each([
    ['an empty name', { username: '' }],
    ['an empty password', { credential: '' }],
    ['a name with a line break', { username: '1:a\r\nb' }],
    ['a password with a null character', { credential: 'a\0b' }],
    ['a name with half a character', { username: '\ud800' }],
    ['a name that fits into no STUN message', { username: 'ä'.repeat(255) }],
    ['a password without end', { credential: 'x'.repeat(513) }],
  ])('are left out with %s', (_, fault) => {
    expect(readIceServers([{ ...turn, ...fault }])).toEqual([]);
  });
});

describe('a relay that names STUN and TURN servers again and again', () => {
  it('has sixteen of them called, whichever way it writes them', () => {
    const book = new IceServerBook();
    expect(book.take(hosts(8))).toHaveLength(8);
    expect(book.take(hosts(8, 8))).toHaveLength(8);
    expect(book.take(hosts(8, 16))).toEqual([]);
    expect(book.take([{ urls: ['STUN:S3.example:3478', 'stun:s3.example:1'] }])).toEqual([
      { urls: 'stun:S3.example:3478' },
    ]);
    expect(book.take([{ ...turn, urls: 'turn:s3.example?transport=tcp' }])).toHaveLength(1);
  });

  it('has no phone call more, however often it seats it', async () => {
    const phone = new HandPhone().ask();
    for (let round = 0; round < 50; round += 1) {
      phone.approve({ resumed: round > 0, iceServers: hosts(8, round * 8) });
      await settle();
    }
    expect(phone.network.namedServers.size).toBe(16);
  });

  it('has no computer call more, in all of its sessions', () => {
    const desktop = new HandDesktop();
    const told = (sessionID: string, round: number): void => {
      desktop.socket.say({
        type: 'session_created',
        sessionID,
        uuid: '00000000-0000-4000-8000-000000000000',
        sessionType: 'persistent',
        expiresInSeconds: null,
        resumed: true,
        iceServers: hosts(8, round * 8),
      });
    };
    const named = new Set<unknown>();
    for (let round = 0; round < 20; round += 1) {
      told(desktop.peer.createSession({ sessionType: 'persistent' }), round);
      for (const { iceServers } of desktop.peer.sessions) for (const { urls } of iceServers) named.add(urls);
    }
    expect(named.size).toBe(16);
  });
});

describe('a computer whose TURN credentials grow old', () => {
  /** Passes half a day in which the server answers each ping, and gives what else the computer said to it. */
  const halfADay = async (desktop: HandDesktop): Promise<readonly Message[]> => {
    const said: Message[] = [];
    for (let seconds = 0; seconds < 43_200; seconds += 15) {
      await desktop.pass(15_000, 15_000);
      said.push(...desktop.socket.take().filter(({ type }) => type !== 'ping'));
      desktop.socket.say({ type: 'pong' });
    }
    return said;
  };

  it('asks for others, and uses these', async () => {
    const desktop = new HandDesktop();
    desktop.created({ resumed: true, iceServers: [turn] });
    const { sessionID } = desktop;
    expect(await halfADay(desktop)).toMatchObject([{ type: 'session_create', sessionID }]);
    const username = '1700090000:YWJj_-';
    desktop.created({ resumed: true, iceServers: [{ ...turn, username }] });
    expect(desktop.view?.iceServers).toMatchObject([{ username }]);
    expect(await halfADay(desktop)).toHaveLength(1);
    desktop.created({ resumed: true, iceServers: [turn] });
    desktop.peer.stop();
    expect(desktop.clock.pendingTimers).toBe(0);
  });

  it('does not where there are none', async () => {
    const desktop = new HandDesktop();
    desktop.created({ resumed: true, iceServers: hosts(1) });
    expect(await halfADay(desktop)).toEqual([]);
  });
});
