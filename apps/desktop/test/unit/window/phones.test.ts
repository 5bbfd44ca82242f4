import { describe, expect, it } from 'vitest';

import type { WindowSession } from '../../../src/host/window-protocol.js';
import { phoneState, phoneStay } from '../../../src/window/phone-text.js';
import { lookAgain, lostAt, type Moment, phonesOf } from '../../../src/window/phones.js';
import { texts } from '../../../src/window/texts/en.js';
import { connectedSession, sessionWith, stateWith } from './states.js';

const noted = (...sessions: readonly WindowSession[]) => stateWith({ sessions });
const at = (now: number, sightings: Moment['sightings'] = new Map()): Moment => ({ now, sightings });

const presenceOf = (session: WindowSession, moment: Moment) => phonesOf(noted(session), moment)[0]?.presence;

describe('the phones that were approved', () => {
  it('are called by the name of the user’s, else by their own', () => {
    const sessions = [sessionWith(), connectedSession(), connectedSession({ sessionID: 's2', label: 'Kitchen' })];
    expect(phonesOf(noted(...sessions), at(0)).map(({ name }) => name)).toEqual(['Galaxy S23', 'Kitchen']);
  });

  it('are lost for two minutes, and then away', () => {
    const lost = connectedSession({ direct: 'disconnected', lastSeenAt: 1_000_000 });
    expect(presenceOf(lost, at(1_119_999))).toBe('lost');
    expect(presenceOf(lost, at(1_120_000))).toBe('away');
  });

  it('are away when the window opens and nobody knows since when', () => {
    const lost = connectedSession({ direct: 'disconnected' });
    const sightings = lookAgain(new Map(), noted(lost), 1_000_000);
    expect(presenceOf(lost, at(1_000_000, sightings))).toBe('away');
    expect(lostAt(lost, at(1_000_000, sightings))).toBeNull();
    const remembered = connectedSession({ direct: 'closed' });
    expect(presenceOf(remembered, at(1_000_000, lookAgain(new Map(), noted(remembered), 1_000_000)))).toBe('away');
  });

  it('are lost from the moment when the window saw it, where the app does not say', () => {
    const lost = connectedSession({ direct: 'disconnected' });
    const before = lookAgain(new Map(), noted(connectedSession()), 900_000);
    const sightings = lookAgain(lookAgain(before, noted(lost), 1_000_000), noted(lost), 1_050_000);
    expect(lostAt(lost, at(1_050_000, sightings))).toBe(1_000_000);
  });
});

describe('a phone’s line', () => {
  const line = (changes: Partial<WindowSession>): string => {
    const [phone] = phonesOf(noted(connectedSession({ direct: 'closed', ...changes })), at(1_000_000));
    return phone ? `${phoneState(phone, 1_000_000)} · ${phoneStay(phone, 1_000_000)}` : '';
  };

  it('says how it stands, and how long it may come back', () => {
    expect(line({ direct: 'connected', sessionType: 'one_time' })).toBe('Connected · Ends when it disconnects');
    expect(line({ direct: 'connecting', expiresAt: 1_900_000 })).toMatch(/^Connecting · Until \d\d:\d\d$/);
    const lasting = { sessionType: 'persistent', expiresAt: null } as const;
    expect(line({ ...lasting, isRemembered: true })).toBe('Away · Remembered until removed');
    expect(line({ ...lasting, lastSeenAt: 1 })).toMatch(/^Away, last seen \d\d:\d\d · Until removed or Proxim ends$/);
  });

  it('is short while the list is folded', () => {
    const several = [connectedSession(), connectedSession({ sessionID: 's2', direct: 'closed' })];
    const summary = (...sessions: readonly WindowSession[]): string =>
      texts.phones.summary(phonesOf(noted(...sessions), at(1_000_000)));
    expect(summary(connectedSession())).toBe('Galaxy S23 is connected');
    expect(summary(...several)).toBe('1 of 2 connected');
    expect(summary(...several.slice(1), sessionWith(), { ...several[1]!, sessionID: 's3' })).toBe('2, none connected');
  });
});

it('says how long ago a phone was lost', () => {
  expect([0, 1, 59, 60, 119, 120].map(texts.control.lostAgo)).toEqual([
    '0 seconds ago',
    '1 second ago',
    '59 seconds ago',
    '1 minute ago',
    '1 minute ago',
    '2 minutes ago',
  ]);
});
