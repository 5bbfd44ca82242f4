import { makeLink } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import { keptComputersKey } from '../../src/kept-computers.js';
import { makeSecret, makeTestLink, settle, TestPhone, type TestTab } from '../support/phone.js';

const link = makeTestLink();

/** Asks, as far as the first thing that the peer is told. */
const ask = async (phone: TestPhone, tab: TestTab): Promise<void> => {
  tab.store.ask('Phone');
  await settle();
  phone.clock.advance(250);
  await settle();
};

const connect = async (
  phone: TestPhone,
  tab: TestTab,
  sessionType: 'one_time' | 'temporary' | 'persistent' = 'persistent',
  to = link,
): Promise<void> => {
  tab.store.open(to);
  await ask(phone, tab);
  tab.peer.connect(sessionType);
};

/** A phone that has kept the computer, and was closed since. */
const beginKept = async (to = link): Promise<{ phone: TestPhone; tab: TestTab }> => {
  const phone = new TestPhone();
  const first = phone.openTab({ hasChannel: false });
  await connect(phone, first, 'persistent', to);
  first.store.keepComputer(true, 'Desk');
  first.peer.learn({ deviceSecret: makeSecret(50) });
  const tab = phone.openTab();
  tab.store.start({ kind: 'none' }, 'Phone');
  return { phone, tab };
};

const tapFirst = async (phone: TestPhone, tab: TestTab): Promise<void> => {
  tab.store.connectTo(tab.computers.list.value[0]!, 'Phone');
  await settle();
  phone.clock.advance(250);
  await settle();
};

describe('keeping a computer', () => {
  it.each(['one_time', 'temporary', 'persistent'] as const)(
    '[LK8] leaves nothing of a session in localStorage that its user did not choose to keep: %s',
    async (sessionType) => {
      const phone = new TestPhone();
      const tab = phone.openTab();
      await connect(phone, tab, sessionType);
      expect(tab.page).toMatchObject({ sessionType, keeping: sessionType === 'persistent' ? 'ask' : 'never' });
      tab.store.keepComputer(sessionType !== 'persistent', 'Desk');
      tab.store.named('Desk');
      tab.store.leave();
      expect(phone.storage.texts.size).toBe(0);
    },
  );

  it('[LK8] writes down at once what the user chose to keep, and what is new of it', async () => {
    const phone = new TestPhone();
    const tab = phone.openTab();
    await connect(phone, tab);
    tab.store.keepComputer(true, 'Desk');
    expect(tab.page).toMatchObject({ keeping: 'kept' });
    expect(phone.storage.texts.get(keptComputersKey)).toContain(makeLink(link));
    tab.peer.learn({ deviceSecret: makeSecret(50) });
    const hex = Array.from(makeSecret(50), (byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(phone.storage.texts.get(keptComputersKey)).toContain(hex);
    expect(tab.keptInTab).toContain(hex);
    tab.store.named('Study');
    expect(tab.computers.list.value[0]?.name).toBe('Study');
  });

  it('asks once, and no more after a reload', async () => {
    const phone = new TestPhone();
    const tab = phone.openTab();
    await connect(phone, tab);
    tab.store.keepComputer(false, 'Desk');
    expect(tab.page).toMatchObject({ keeping: 'not_kept' });
    const again = phone.openTab({ tabStorage: tab.tabStorage });
    again.store.start({ kind: 'none' }, 'Phone');
    await settle();
    again.peer.connect('persistent');
    expect(again.page).toMatchObject({ keeping: 'not_kept' });
    again.store.keepComputer(true, 'Desk');
    expect(again.page).toMatchObject({ keeping: 'kept' });
    again.store.keepComputer(false, 'Desk');
    expect(again.page).toMatchObject({ keeping: 'not_kept' });
    expect(phone.storage.texts.size).toBe(0);
  });

  it('shows the list first, and connects by a tap with what was kept', async () => {
    const { phone, tab } = await beginKept();
    expect(tab.page).toMatchObject({ at: 'start' });
    phone.wallTime += 5000;
    await tapFirst(phone, tab);
    expect(tab.peer.options).toMatchObject({
      link,
      memory: { peerToken: '1'.repeat(22), deviceSecret: makeSecret(50), wasApproved: false },
    });
    expect(tab.peer.calls).toEqual(['ask']);
    tab.peer.connect('persistent');
    expect(tab.page).toMatchObject({ keeping: 'kept' });
    expect(tab.computers.list.value[0]).toMatchObject({ name: 'Desk', lastUsedAt: phone.wallTime });
  });

  it('[LK10] connects to no computer before it is tapped', async () => {
    const { phone, tab } = await beginKept();
    tab.store.wake();
    tab.store.networkChanged();
    await settle();
    expect(tab.peers).toEqual([]);
    expect(tab.keptInTab).toBe('');
    expect(phone.posted).toEqual([]);
  });

  it('uses what was kept when the code is scanned again', async () => {
    const { phone, tab } = await beginKept();
    tab.store.open(link);
    expect(tab.page).toEqual({ at: 'ready', link, isKnown: true });
    await ask(phone, tab);
    expect(tab.peer.options.memory?.deviceSecret).toEqual(makeSecret(50));
  });

  it('goes back to the list when a tap is taken back', async () => {
    const { phone, tab } = await beginKept();
    await tapFirst(phone, tab);
    tab.store.cancel();
    expect(tab.page).toMatchObject({ at: 'start' });
    expect(tab.keptInTab).toBe('');
    expect(tab.computers.list.value).toHaveLength(1);
    expect(tab.peer.calls).toEqual(['ask', 'leave']);
  });

  it('outlives the phone’s own leaving', async () => {
    const { phone, tab } = await beginKept();
    await tapFirst(phone, tab);
    tab.peer.connect('persistent');
    tab.store.leave();
    expect(tab.status).toBe('left');
    expect(tab.keptInTab).toBe('');
    expect(tab.computers.list.value).toHaveLength(1);
  });

  it.each(['unreachable', 'desktop_away', 'desktop_lost', 'server_shutdown', 'session_not_found'] as const)(
    'outlives an end that passes: %s',
    async (reason) => {
      const { phone, tab } = await beginKept();
      await tapFirst(phone, tab);
      tab.peer.say({ status: 'ended', reason });
      expect(tab.page).toMatchObject({ keeping: 'kept' });
      expect(tab.computers.list.value).toHaveLength(1);
      await ask(phone, tab);
      expect(tab.peers).toHaveLength(2);
    },
  );

  it('ends when the computer removes the phone', async () => {
    const { phone, tab } = await beginKept();
    await tapFirst(phone, tab);
    tab.peer.say({ status: 'ended', reason: 'closed_by_desktop' });
    expect(tab.page).toMatchObject({ keeping: 'kept', state: { reason: 'closed_by_desktop' } });
    expect(phone.storage.texts.size).toBe(0);
    expect(tab.keptInTab).toBe('');
  });

  it('[LK8] outlives what a server elsewhere says: a computer’s own word counts', async () => {
    for (const isComputersWord of [false, true]) {
      const { phone, tab } = await beginKept({ ...link, signaling: 'wss://relay.example' });
      await tapFirst(phone, tab);
      tab.peer.wasEndedByComputer = isComputersWord;
      tab.peer.say({ status: 'ended', reason: 'closed_by_desktop' });
      expect(phone.storage.texts.size).toBe(isComputersWord ? 0 : 1);
    }
  });

  it('[LK8] is not touched by a link that has its name and another secret', async () => {
    const { phone, tab } = await beginKept();
    const before = [...phone.storage.texts.values()].join();
    tab.store.open({ ...link, secret: new Uint8Array(16).fill(0xee), signaling: 'wss://other.example' });
    await settle();
    expect(tab.page).toMatchObject({ at: 'ready', isKnown: false });
    await ask(phone, tab);
    expect(tab.peer.options.memory).toBeUndefined();
    expect([...phone.storage.texts.values()].join()).toBe(before);
  });

  it('ends when the user removes a computer that knows the phone no more, and this can be undone', async () => {
    const { phone, tab } = await beginKept();
    await tapFirst(phone, tab);
    tab.peer.say({ status: 'ended', reason: 'session_not_found' });
    tab.store.removeComputer();
    expect(tab.page).toMatchObject({ at: 'start' });
    expect(phone.storage.texts.size).toBe(0);
    expect(tab.computers.removed.value).toHaveLength(1);
  });
});

describe('two tabs of one phone', () => {
  it('finds the tab that is connected before it asks, and goes on with what that one knows', async () => {
    const phone = new TestPhone();
    const old = phone.openTab();
    await connect(phone, old, 'one_time');
    const tab = phone.openTab();
    tab.store.open(link);
    await settle();
    expect(tab.page).toEqual({ at: 'other_tab', link });
    void tab.store.useThisTab('Phone');
    await settle();
    expect(tab.peer.options.memory).toEqual({ ...old.peer.memory, wasApproved: true });
    expect(tab.peer.options.deviceInfo.id).toBe(old.peer.options.deviceInfo.id);
    // The server tells the old tab, which goes on until then.
    expect(old.status).toBe('connected');
    expect(old.peer.calls).toEqual(['ask']);
    old.peer.say({ status: 'ended', reason: 'replaced' });
    tab.peer.say({ status: 'connected', expiresAt: null });
    await settle();
    expect(old.status).toBe('replaced');
    expect(tab.status).toBe('connected');
  });

  it('posts no secret before a user wants to go on in the other tab', async () => {
    const phone = new TestPhone();
    await connect(phone, phone.openTab());
    const tab = phone.openTab();
    tab.store.open(link);
    await settle();
    const said = (): string => JSON.stringify(phone.posted);
    expect(said()).toContain('holds');
    expect(said()).not.toMatch(/peerToken|deviceSecret|k=/);
    void tab.store.useThisTab('Phone');
    await settle();
    expect(said()).toContain('peerToken');
  });

  it('asks as ever when no tab answers in time', async () => {
    const phone = new TestPhone();
    const tab = phone.openTab();
    tab.store.open(link);
    tab.store.ask('Phone');
    await settle();
    expect(tab.status).toBe('reaching');
    expect(tab.peers).toEqual([]);
    phone.clock.advance(250);
    await settle();
    expect(tab.peer.calls).toEqual(['ask']);
  });

  it('asks at once where the browser has no channel', async () => {
    const tab = new TestPhone().openTab({ hasChannel: false });
    tab.store.open(link);
    tab.store.ask('Phone');
    await settle();
    expect(tab.peer.calls).toEqual(['ask']);
  });

  it('looks once more when it asks: the other tab may have connected meanwhile', async () => {
    const phone = new TestPhone();
    const tab = phone.openTab();
    tab.store.open(link);
    phone.clock.advance(250);
    await connect(phone, phone.openTab());
    await ask(phone, tab);
    expect(tab.page).toEqual({ at: 'other_tab', link });
    expect(tab.peers).toEqual([]);
  });

  it('is no matter for a tab with another session', async () => {
    const phone = new TestPhone();
    await connect(phone, phone.openTab());
    const tab = phone.openTab();
    tab.store.open(makeTestLink('another-session'));
    await ask(phone, tab);
    expect(tab.peer.calls).toEqual(['ask']);
  });

  it('connects anew with what it has when the other tab is gone by then', async () => {
    const { phone, tab } = await beginKept();
    const old = phone.openTab();
    await tapFirst(phone, old);
    old.peer.connect('persistent');
    await tapFirst(phone, tab);
    expect(tab.page).toEqual({ at: 'other_tab', link });
    old.store.forget();
    void tab.store.useThisTab('Phone');
    await settle();
    phone.clock.advance(1000);
    await settle();
    expect(tab.peer.options.memory).toMatchObject({ peerToken: '1'.repeat(22), wasApproved: false });
  });

  it('takes a kept computer over from the tab that has it open', async () => {
    const { phone, tab } = await beginKept();
    const old = phone.openTab();
    await tapFirst(phone, old);
    old.peer.connect('persistent', makeSecret(90));
    await tapFirst(phone, tab);
    expect(tab.page).toEqual({ at: 'other_tab', link });
    void tab.store.useThisTab('Phone');
    await settle();
    expect(tab.peer.options.memory?.deviceSecret).toEqual(makeSecret(90));
  });

  it('lets a tab go that was looking for the way back: it would take the session away again', async () => {
    const phone = new TestPhone();
    const old = phone.openTab();
    await connect(phone, old);
    old.peer.say({ status: 'reconnecting', why: 'lost' });
    const tab = phone.openTab();
    tab.store.open(link);
    await settle();
    void tab.store.useThisTab('Phone');
    await settle();
    expect(old.status).toBe('replaced');
    expect(old.peer.calls).toEqual(['ask', 'giveWay']);
    expect(old.keptInTab).toContain('"wasApproved":false');
    expect(tab.peer.calls).toEqual(['ask']);
  });

  it('knows the tab from which a session was lost, whose secret opens it without a new approval', async () => {
    const phone = new TestPhone();
    const old = phone.openTab();
    await connect(phone, old, 'temporary');
    old.peer.say({ status: 'ended', reason: 'unreachable' });
    const tab = phone.openTab();
    tab.store.open(link);
    await settle();
    expect(tab.page).toEqual({ at: 'other_tab', link });
    void tab.store.useThisTab('Phone');
    await settle();
    expect(tab.peer.options.memory?.peerToken).toBe('1'.repeat(22));
    expect(old.status).toBe('replaced');
  });

  it('is in nobody’s way with a session that is over', async () => {
    const phone = new TestPhone();
    const old = phone.openTab();
    await connect(phone, old);
    old.peer.say({ status: 'ended', reason: 'closed_by_desktop' });
    const tab = phone.openTab();
    tab.store.open(link);
    await ask(phone, tab);
    expect(tab.peer.calls).toEqual(['ask']);
  });

  it('does not believe what is no message of ours', async () => {
    const phone = new TestPhone();
    const tab = phone.openTab();
    await connect(phone, tab);
    const { sessionID } = link;
    const other = phone.openChannel();
    const messages: readonly object[] = [
      [],
      { type: 'take' },
      { type: 'take', sessionID: 'a b' },
      { type: 'given', sessionID, record: {} },
      { type: 'holds', sessionID, hold: 7 },
      { type: 'unheard-of', sessionID },
    ];
    phone.posted.length = 0;
    for (const message of messages) other.post(message);
    await settle();
    expect(tab.status).toBe('connected');
    expect(phone.posted).toEqual(messages);
  });
});

describe('coming back', () => {
  it.each(['unreachable', 'desktop_away', 'desktop_lost', 'server_shutdown'] as const)(
    'tries once more by itself when the page is in front again after %s',
    async (reason) => {
      const phone = new TestPhone();
      const tab = phone.openTab();
      await connect(phone, tab, 'temporary');
      tab.peer.say({ status: 'ended', reason });
      tab.store.wake();
      await settle();
      phone.clock.advance(250);
      await settle();
      expect(tab.peers).toHaveLength(2);
      expect(tab.peer.options.memory).toMatchObject({ wasApproved: true, deviceSecret: makeSecret() });
      tab.peer.say({ status: 'ended', reason });
      tab.store.wake();
      tab.store.networkChanged();
      await settle();
      phone.clock.advance(250);
      await settle();
      expect(tab.peers).toHaveLength(2);
    },
  );

  it('tries again after it was connected in between', async () => {
    const phone = new TestPhone();
    const tab = phone.openTab({ hasChannel: false });
    await connect(phone, tab);
    for (let round = 2; round < 5; round += 1) {
      tab.peer.say({ status: 'ended', reason: 'unreachable' });
      tab.store.networkChanged();
      await settle();
      expect(tab.peers).toHaveLength(round);
      tab.peer.say({ status: 'connected', expiresAt: null });
    }
  });

  it.each(['closed_by_desktop', 'expired', 'left', 'replaced', 'forged', 'no_direct_path'] as const)(
    'does not by itself after %s',
    async (reason) => {
      const phone = new TestPhone();
      const tab = phone.openTab({ hasChannel: false });
      await connect(phone, tab);
      tab.peer.say({ status: 'ended', reason });
      tab.store.wake();
      await settle();
      expect(tab.peers).toHaveLength(1);
    },
  );

  it('does not by itself what was never connected in this page', async () => {
    const phone = new TestPhone();
    const tab = phone.openTab({ hasChannel: false });
    tab.store.open(link);
    await ask(phone, tab);
    tab.peer.say({ status: 'ended', reason: 'unreachable' });
    tab.store.wake();
    await settle();
    expect(tab.peers).toHaveLength(1);
  });

  it('leaves the session to the tab that has it by then', async () => {
    const phone = new TestPhone();
    const old = phone.openTab();
    await connect(phone, old);
    old.peer.say({ status: 'ended', reason: 'unreachable' });
    const tab = phone.openTab();
    tab.store.open(link);
    await settle();
    void tab.store.useThisTab('Phone');
    await settle();
    old.store.wake();
    await settle();
    expect(old.peers).toHaveLength(1);
  });

  it('tells the peer of another network, and of the page’s coming to the front', async () => {
    const phone = new TestPhone();
    const tab = phone.openTab();
    await connect(phone, tab);
    tab.store.networkChanged();
    tab.store.wake();
    expect(tab.peer.calls).toEqual(['ask', 'networkChanged', 'wake']);
  });
});
