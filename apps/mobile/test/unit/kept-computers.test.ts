import { makeLink } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import { KeptComputers, keptComputersKey } from '../../src/kept-computers.js';
import type { SessionRecord } from '../../src/session-record.js';
import { keptText } from '../../src/storage.js';
import { makeMemory, makeSecret, makeTestLink, TestStorage } from '../support/phone.js';

const makeRecord = (session = 'sessionsession'): SessionRecord => ({
  link: makeTestLink(session),
  deviceID: '00ff',
  memory: makeMemory({ wasApproved: true }),
});

const begin = (text?: string) => {
  const storage = new TestStorage();
  if (text !== undefined) storage.texts.set(keptComputersKey, text);
  const time = { now: 1000 };
  const open = (): KeptComputers =>
    new KeptComputers({ kept: keptText(() => storage, keptComputersKey), wallClock: () => time.now });
  return { storage, time, open, computers: open() };
};

const namesIn = (computers: KeptComputers): readonly string[] => computers.list.value.map(({ name }) => name);

describe('the computers that this phone keeps', () => {
  it('are none, and nothing is written, until the user keeps one', () => {
    const { computers, storage } = begin();
    computers.update(makeRecord());
    computers.used(makeTestLink().sessionID);
    computers.named(makeTestLink().sessionID, 'Desk');
    computers.keep({ ...makeRecord(), memory: undefined }, 'Desk');
    computers.drop(makeTestLink().sessionID);
    expect(namesIn(computers)).toEqual([]);
    expect(storage.texts.size).toBe(0);
  });

  it('come back as they were, the one used last first', () => {
    const { computers, time, open } = begin();
    computers.keep(makeRecord('session-one'), 'Study');
    time.now = 2000;
    computers.keep(makeRecord('session-two'), 'Kitchen');
    time.now = 3000;
    computers.used(makeTestLink('session-one').sessionID);
    const again = open();
    expect(namesIn(again)).toEqual(['Study', 'Kitchen']);
    expect(again.list.value).toEqual(computers.list.value);
    expect(again.list.value[0]).toEqual({
      link: makeTestLink('session-one'),
      deviceID: '00ff',
      memory: makeMemory({ wasApproved: false }),
      name: 'Study',
      keptAt: 1000,
      lastUsedAt: 3000,
    });
  });

  it('hold a new secret as soon as there is one', () => {
    const { computers, open } = begin();
    computers.keep(makeRecord(), 'Desk');
    const deviceSecret = makeSecret(100);
    computers.update({ ...makeRecord(), memory: makeMemory({ deviceSecret }) });
    expect(open().list.value[0]?.memory.deviceSecret).toEqual(deviceSecret);
  });

  it('lose no good entry to a damaged one', () => {
    const { computers, storage, open } = begin();
    computers.keep(makeRecord(), 'Desk');
    const { computers: entries } = JSON.parse(storage.texts.get(keptComputersKey) ?? '') as { computers: object[] };
    const [good] = entries;
    const damaged = [
      null,
      7,
      'text',
      [],
      {},
      { ...good, link: 'http://x/#v=1' },
      { ...good, link: makeLink(makeTestLink()).replace('v=1', 'v=2') },
      { ...good, deviceID: '<b>' },
      { ...good, peerToken: 'short' },
      { ...good, deviceSecret: '00' },
      { ...good, name: 3 },
      { ...good, keptAt: 'then' },
      { ...good, lastUsedAt: -1 },
    ].map((entry) =>
      typeof entry === 'object' && entry !== null && 'link' in entry && entry.link === makeLink(makeTestLink())
        ? { ...entry, link: makeLink(makeTestLink('another-session')) }
        : entry,
    );
    storage.texts.set(keptComputersKey, JSON.stringify({ version: 1, computers: [...damaged, good, ...damaged] }));
    expect(namesIn(open())).toEqual(['Desk']);
  });

  it.each(['', '{', 'null', '[]', '{"version":1}', '{"version":1,"computers":{}}', '{"version":2,"computers":[{}]}'])(
    'are none in what is no list: %s',
    (text) => {
      const { computers } = begin(text);
      expect(namesIn(computers)).toEqual([]);
      computers.keep(makeRecord(), 'Desk');
      expect(namesIn(computers)).toEqual(['Desk']);
    },
  );

  it('can be removed, and had back until the list is left', () => {
    const { computers, storage } = begin();
    computers.keep(makeRecord(), 'Desk');
    const [kept] = computers.list.value;
    computers.remove(makeTestLink().sessionID);
    expect(namesIn(computers)).toEqual([]);
    expect(storage.texts.size).toBe(0);
    const [removed] = computers.removed.value;
    computers.restore(removed!);
    expect(computers.list.value).toEqual([kept]);
    expect(computers.removed.value).toEqual([]);
    computers.remove(makeTestLink().sessionID);
    computers.forgetRemoved();
    expect(computers.removed.value).toEqual([]);
    expect(storage.texts.size).toBe(0);
  });

  it('are not brought back by a tab that does not know of the removal yet', () => {
    const { computers, open } = begin();
    computers.keep(makeRecord(), 'Desk');
    const other = open();
    computers.drop(makeTestLink().sessionID);
    other.update(makeRecord());
    other.used(makeTestLink().sessionID);
    expect(namesIn(open())).toEqual([]);
  });

  it('stand side by side although two tabs write', () => {
    const { computers, open } = begin();
    const other = open();
    computers.keep(makeRecord('session-one'), 'Study');
    other.keep(makeRecord('session-two'), 'Kitchen');
    computers.refresh();
    expect([...namesIn(computers)].sort()).toEqual(['Kitchen', 'Study']);
  });
});
