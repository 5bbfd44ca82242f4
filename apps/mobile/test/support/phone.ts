import { type MobileMemory, type MobilePeerEvents, TypedEvents } from '@proxim/peer';
import { type Link, parseLink, type PeerToken } from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';

import { KeptComputers, keptComputersKey } from '../../src/kept-computers.js';
import type { TabChannel } from '../../src/other-tabs.js';
import type { SessionPeer, SessionPeerOptions } from '../../src/session-peer.js';
import { SessionStore } from '../../src/session-store.js';
import { keptText, type TextStorage } from '../../src/storage.js';

/** A link to a computer; another `session` is another session. */
export const makeTestLink = (session = 'sessionsession', name = 'Desk'): Link => {
  const read = parseLink(
    `http://192.168.1.7:47800/#v=1&s=${session}&u=7f3f1b0e-6a58-4a43-9d1a-0d2f5f0a7c11&k=AAECAwQFBgcICQoLDA0ODw&n=${name}`,
  );
  if (!read.ok) throw new Error('The test’s link is none.');
  return read.value;
};

export const makeSecret = (start = 0): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => start + index);

export const makeMemory = (change: Partial<MobileMemory> = {}): MobileMemory => ({
  peerToken: 'abcdefghijklmnopqrstuv' as PeerToken,
  deviceSecret: makeSecret(),
  wasApproved: false,
  ...change,
});

/** Storage that lives as long as the test. */
export class TestStorage implements TextStorage {
  readonly texts = new Map<string, string>();

  getItem(key: string): string | null {
    return this.texts.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.texts.set(key, value);
  }

  removeItem(key: string): void {
    this.texts.delete(key);
  }
}

/** The phone's side of a session, which does what the test says. */
export class ScriptedPeer extends TypedEvents<MobilePeerEvents> implements SessionPeer {
  readonly options: SessionPeerOptions;
  readonly calls: string[] = [];
  memory: MobileMemory;

  constructor(options: SessionPeerOptions, peerToken: string) {
    super();
    this.options = options;
    this.memory = options.memory ?? makeMemory({ peerToken: peerToken as PeerToken, deviceSecret: undefined });
  }

  ask(): void {
    this.calls.push('ask');
  }

  wasEndedByComputer = false;

  giveWay(): void {
    this.calls.push('giveWay');
  }

  leave(): void {
    this.calls.push('leave');
    this.say({ status: 'ended', reason: 'left' });
  }

  wake(): void {
    this.calls.push('wake');
  }

  networkChanged(): void {
    this.calls.push('networkChanged');
  }

  say(state: MobilePeerEvents['state']): void {
    this.emit('state', state);
  }

  learn(change: Partial<MobileMemory>): void {
    this.memory = { ...this.memory, ...change };
    this.emit('memory', this.memory);
  }

  /** All that a first connection brings. */
  connect(sessionType: MobilePeerEvents['session']['sessionType'], deviceSecret = makeSecret()): void {
    this.learn({ wasApproved: true });
    this.say({ status: 'connected', expiresAt: null });
    this.emit('session', { sessionType });
    this.learn({ deviceSecret });
  }
}

/** What the tabs of one phone share: its localStorage, and the channel between them. */
export class TestPhone {
  readonly clock = new ManualClock();
  readonly storage = new TestStorage();
  /** Everything that was posted between the tabs. */
  readonly posted: object[] = [];
  wallTime = 1_700_000_000_000;
  readonly #listeners: ((message: unknown) => void)[] = [];
  #tabs = 0;

  /** One more tab; with a storage of an earlier one it is the same tab after a reload. */
  openTab(options: { readonly tabStorage?: TestStorage; readonly hasChannel?: boolean } = {}): TestTab {
    this.#tabs += 1;
    const channel = options.hasChannel === false ? undefined : this.openChannel();
    return new TestTab(this, this.#tabs, channel, options.tabStorage ?? new TestStorage());
  }

  /** The channel between the tabs. It posts as a `BroadcastChannel` does: to all but the one who posts, later, and as a copy. */
  openChannel(): TabChannel {
    let own: ((message: unknown) => void) | undefined;
    return {
      post: (message) => {
        const copy = structuredClone(message);
        this.posted.push(copy);
        queueMicrotask(() => {
          for (const listener of this.#listeners) if (listener !== own) listener(copy);
        });
      },
      onMessage: (listener) => {
        own = listener;
        this.#listeners.push(listener);
      },
    };
  }
}

/** One tab, with its store and the peers that the store has made. */
export class TestTab {
  readonly peers: ScriptedPeer[] = [];
  readonly tabStorage: TestStorage;
  readonly computers: KeptComputers;
  readonly store: SessionStore;

  constructor(phone: TestPhone, number: number, tabChannel: TabChannel | undefined, tabStorage: TestStorage) {
    this.tabStorage = tabStorage;
    this.computers = new KeptComputers({
      kept: keptText(() => phone.storage, keptComputersKey),
      wallClock: () => phone.wallTime,
    });
    this.store = new SessionStore({
      randomBytes: (length) => new Uint8Array(length).fill(number),
      clock: phone.clock,
      loadPeer: () =>
        Promise.resolve((options: SessionPeerOptions) => {
          const peer = new ScriptedPeer(options, String(number).repeat(22));
          this.peers.push(peer);
          return peer;
        }),
      kept: keptText(() => tabStorage, 'proxim.session'),
      computers: this.computers,
      tabChannel,
    });
  }

  /** The newest peer. */
  get peer(): ScriptedPeer {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error('This tab has not connected yet.');
    return peer;
  }

  get page(): SessionStore['page']['value'] {
    return this.store.page.value;
  }

  /** The state of the session that is shown; undefined when none is. */
  get status(): string | undefined {
    const { page } = this;
    if (page.at !== 'session') return undefined;
    return page.state.status === 'ended' ? page.state.reason : page.state.status;
  }

  get keptInTab(): string {
    return this.tabStorage.texts.get('proxim.session') ?? '';
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};
