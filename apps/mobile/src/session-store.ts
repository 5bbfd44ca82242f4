import type { MobileState } from '@proxim/peer';
import type { Clock, Link, LinkFault, SessionID } from '@proxim/protocol';
import { signal } from '@preact/signals';

import { Attempt, type LoadPeer } from './attempt.js';
import type { KeptComputer, KeptComputers } from './kept-computers.js';
import { type Hold, OtherTabs, type TabChannel } from './other-tabs.js';
import type { Page } from './page.js';
import type { PageLink } from './page-link.js';
import { RememberedSession } from './remembered-session.js';
import { newDeviceID, type SessionRecord } from './session-record.js';
import type { KeptText } from './storage.js';
import { canComeBack, mayPass } from './way-on.js';

export interface SessionStoreOptions {
  readonly randomBytes: (length: number) => Uint8Array;
  readonly clock: Clock;
  readonly loadPeer: LoadPeer;
  /** Where this tab keeps its session. */
  readonly kept: KeptText;
  /** What this phone keeps for longer. */
  readonly computers: KeptComputers;
  /** How the tabs of this phone reach each other, where the browser lets them. */
  readonly tabChannel: TabChannel | undefined;
}

/** The one session of this tab: what the page shows follows from it. */
export class SessionStore {
  readonly page = signal<Page>({ at: 'start', fault: null, scan: false });
  readonly #options: SessionStoreOptions;
  readonly #tabs: OtherTabs;
  readonly #session: RememberedSession;
  #attempt: Attempt | undefined;
  /** What is under way: whoever awaited something goes on only if it is still the same. */
  #turn: object = {};
  #deviceName = '';
  /** Whether it was connected since it last looked for the way back by itself. */
  #mayRetry = false;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
    this.#session = new RememberedSession(options);
    this.#tabs = new OtherTabs({
      channel: options.tabChannel,
      clock: options.clock,
      tab: newDeviceID(options.randomBytes),
      handlers: {
        holds: (sessionID) => this.#holds(sessionID),
        give: (sessionID) => this.#give(sessionID),
        onTaken: (sessionID) => {
          if (this.#holds(sessionID)) this.#yield();
        },
      },
    });
  }

  /** The page has loaded: with a new link, or again after a reload. */
  start(pageLink: PageLink, deviceName: string): void {
    switch (pageLink.kind) {
      case 'link':
        this.open(pageLink.link);
        break;
      case 'fault':
        this.forget({ fault: pageLink.fault });
        break;
      case 'none':
        this.#restore(deviceName);
        break;
      default:
        pageLink satisfies never;
    }
  }

  /** Takes a link up, and lets the session before it go. */
  open(link: Link): void {
    this.#letGo();
    this.#session.open(link, () => newDeviceID(this.#options.randomBytes));
    void this.#showReady(link);
  }

  /** Connects to a computer that is kept: nobody there has to approve. */
  connectTo({ link, deviceID, memory }: KeptComputer, deviceName: string): void {
    this.#session.consider({ link, deviceID, memory, sessionType: 'persistent' });
    this.ask(deviceName);
  }

  /** Asks the computer's user; also again, after an end that allows it. */
  ask(deviceName: string): void {
    const { record } = this.#session;
    if (!record) return;
    const { memory } = record;
    // A session that was left is asked for anew: if it is over, that is said at once and not after a search.
    void this.#askUnlessHeld(deviceName, { ...record, memory: memory && { ...memory, wasApproved: false } });
  }

  /** Goes on in this tab with what another one holds. */
  async useThisTab(deviceName: string): Promise<void> {
    const { record } = this.#session;
    if (!record) return;
    const turn = this.#begin(record);
    const given = await this.#tabs.take(record.link.sessionID);
    if (this.#turn === turn) this.#connect(deviceName, given ? { ...given, link: record.link } : record);
  }

  /** Ends it from this side: withdraws the request, or disconnects. What is kept stays kept. */
  leave(): void {
    this.#turn = {};
    this.#attempt?.end();
  }

  /** Withdraws the request, and goes back to where it was made. */
  cancel(): void {
    const { record } = this.#session;
    this.#letGo();
    if (this.#session.keeping === 'kept') this.forget();
    else if (record) void this.#showReady(record.link);
  }

  /** Drops this tab's session and its secrets. */
  forget(start: { readonly fault?: LinkFault; readonly scan?: boolean } = {}): void {
    this.#letGo();
    this.#session.forget();
    this.page.value = { at: 'start', fault: start.fault ?? null, scan: start.scan ?? false };
  }

  /** The user's answer, now or later: whether this computer is kept on this phone. */
  keepComputer(isWanted: boolean, name: string): void {
    const { record } = this.#session;
    if (record?.sessionType !== 'persistent') return;
    if (isWanted) this.#options.computers.keep(record, name);
    else this.#options.computers.drop(record.link.sessionID);
    this.#session.change({ isKeepAnswered: true });
    this.#refreshPage();
  }

  /** The computer has said its name. */
  named(name: string): void {
    const { record } = this.#session;
    if (record) this.#options.computers.named(record.link.sessionID, name);
  }

  /** The user removes the session's computer from this phone. */
  removeComputer(): void {
    const { record } = this.#session;
    if (record) this.#options.computers.remove(record.link.sessionID);
    this.forget();
  }

  /** The page is in front again. */
  wake(): void {
    this.#attempt?.wake();
    void this.#retry();
  }

  /** The phone is in another network. */
  networkChanged(): void {
    this.#attempt?.networkChanged();
    void this.#retry();
  }

  #restore(deviceName: string): void {
    this.#session.restore();
    const { record } = this.#session;
    if (record?.memory?.wasApproved === true) this.#connect(deviceName, record);
    else if (record) void this.#showReady(record.link);
  }

  /** Asking twice for one session would find it busy, with this very phone. */
  async #showReady(link: Link): Promise<void> {
    this.page.value = { at: 'ready', link, isKnown: this.#session.isKnown };
    const turn = this.#turn;
    const hold = await this.#tabs.whoHolds(link.sessionID);
    if (this.#turn === turn && this.#isInTheWay(hold)) this.page.value = { at: 'other_tab', link };
  }

  async #askUnlessHeld(deviceName: string, record: SessionRecord): Promise<void> {
    const turn = this.#begin(record);
    const hold = await this.#tabs.whoHolds(record.link.sessionID);
    if (this.#turn !== turn) return;
    if (this.#isInTheWay(hold)) this.page.value = { at: 'other_tab', link: record.link };
    else this.#connect(deviceName, record);
  }

  /** A tab that only could come back is in nobody's way who knows as much. */
  #isInTheWay(hold: Hold | undefined): boolean {
    return hold === 'in_use' || (hold === 'at_rest' && !this.#session.isKnown);
  }

  /** Begins something new, and shows that it is under way. */
  #begin(record: SessionRecord): object {
    this.#letGo();
    this.#attempt = this.#makeAttempt(record.link);
    this.#show(record.link, { status: 'reaching' });
    return this.#turn;
  }

  #connect(deviceName: string, record: SessionRecord): void {
    this.#letGo();
    this.#deviceName = deviceName;
    this.#session.keep(record);
    const attempt = this.#makeAttempt(record.link);
    this.#attempt = attempt;
    void attempt.start(record, deviceName);
  }

  #makeAttempt(link: Link): Attempt {
    return new Attempt({
      loadPeer: this.#options.loadPeer,
      handlers: {
        onState: (state) => {
          this.#onState(link, state);
        },
        onMemory: (memory) => {
          this.#session.change({ memory });
        },
        onSessionType: (sessionType) => {
          this.#session.change({ sessionType });
          this.#refreshPage();
        },
      },
    });
  }

  #onState(link: Link, state: MobileState): void {
    const page = this.page.peek();
    const wasConnected = page.at === 'session' && page.state.status === 'connected';
    if (state.status === 'connected' && !wasConnected) {
      this.#mayRetry = true;
      this.#options.computers.used(link.sessionID);
      this.#tabs.announce(link.sessionID);
    }
    this.#show(link, state);
    if (state.status !== 'ended') return;
    const attempt = this.#attempt;
    this.#session.over(state.reason, {
      lastMemory: attempt?.memory,
      // The server that serves this page is believed anyway: its script knows all that the page knows.
      isComputersWord: link.signaling === undefined || attempt?.wasEndedByComputer === true,
    });
  }

  /** Once, and only what had been connected in this page: the phone slept, or was out of reach. */
  async #retry(): Promise<void> {
    const page = this.page.peek();
    const { record } = this.#session;
    if (!this.#mayRetry || !record?.memory || page.at !== 'session') return;
    if (page.state.status !== 'ended' || !mayPass(page.state.reason)) return;
    this.#mayRetry = false;
    const turn = this.#turn;
    const hold = await this.#tabs.whoHolds(record.link.sessionID);
    if (this.#turn !== turn || hold === 'in_use') return;
    this.#connect(this.#deviceName, { ...record, memory: { ...record.memory, wasApproved: true } });
  }

  #holds(sessionID: SessionID): Hold | undefined {
    const page = this.page.peek();
    if (page.at !== 'session' || page.link.sessionID !== sessionID || !this.#session.record?.memory) return undefined;
    // Before there is a peer this tab only looks for others.
    if (page.state.status !== 'ended') return this.#attempt?.memory && 'in_use';
    const mayComeBack = canComeBack(page.state.reason, this.#session.isLasting);
    return mayComeBack && this.#session.isKnown ? 'at_rest' : undefined;
  }

  #give(sessionID: SessionID): SessionRecord | undefined {
    const page = this.page.peek();
    if (!this.#holds(sessionID) || page.at !== 'session') return undefined;
    const given = this.#session.record;
    const { status } = page.state;
    // Whoever has the seat at the server is told there that it is taken, and goes on until the new connection is open.
    // Whoever looks for the way back would take the seat away again.
    if (status === 'ended' || status === 'reconnecting' || status === 'reaching') this.#yield();
    return given;
  }

  /** Another tab has the session now. */
  #yield(): void {
    const link = this.#session.record?.link;
    if (!link) return;
    const attempt = this.#attempt;
    // Not left: the computer may not have swapped this tab's connection for the other one's yet.
    this.#attempt = undefined;
    this.#letGo();
    attempt?.giveWay();
    this.#onState(link, { status: 'ended', reason: 'replaced' });
  }

  #show(link: Link, state: MobileState): void {
    const page = this.page.peek();
    const channels = this.#attempt?.channels ?? (page.at === 'session' ? page.channels : undefined);
    if (!channels) return;
    const sessionType = this.#session.record?.sessionType;
    this.page.value = { at: 'session', link, state, channels, sessionType, keeping: this.#session.keeping };
  }

  #refreshPage(): void {
    const page = this.page.peek();
    if (page.at === 'session') this.#show(page.link, page.state);
  }

  #letGo(): void {
    const attempt = this.#attempt;
    this.#mayRetry = false;
    this.#turn = {};
    this.#attempt = undefined;
    attempt?.leave();
  }
}
