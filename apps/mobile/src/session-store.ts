import type { MobileMemory, MobilePeer, MobileState } from '@proxim/peer';
import type { Link, LinkFault } from '@proxim/protocol';
import { signal } from '@preact/signals';

import { OpenChannels } from './control/open-channels.js';
import { newDeviceID, readRecord, type SessionRecord, writeRecord } from './session-record.js';
import type { SessionPeerOptions } from './session-peer.js';
import type { KeptText } from './storage.js';
import { wayOn } from './way-on.js';
import type { PageLink } from './page-link.js';

/** What the page shows. */
export type Page =
  /** No session: there is none yet, or its link could not be read. */
  | { readonly at: 'start'; readonly fault: LinkFault | null; readonly scan: boolean }
  /** A link was read, and nothing is sent before the user asks. */
  | { readonly at: 'ready'; readonly link: Link }
  | { readonly at: 'session'; readonly link: Link; readonly state: MobileState; readonly channels: OpenChannels };

export interface SessionStoreOptions {
  readonly randomBytes: (length: number) => Uint8Array;
  /** Fetches what speaks to the computer: the first screen does not wait for it. */
  readonly loadPeer: () => Promise<(options: SessionPeerOptions) => MobilePeer>;
  /** Where this tab keeps its session. */
  readonly kept: KeptText;
}

/** One way from asking to the end; what an earlier one still says is heard no more. */
interface Attempt {
  peer: MobilePeer | undefined;
}

/** The one session of this tab: what the page shows follows from it. */
export class SessionStore {
  readonly page = signal<Page>({ at: 'start', fault: null, scan: false });
  readonly #options: SessionStoreOptions;
  #record: SessionRecord | undefined;
  #attempt: Attempt | undefined;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
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
    const before = this.#record;
    this.#letGo();
    const isSame = before?.link.sessionID === link.sessionID;
    const deviceID = isSame ? before.deviceID : newDeviceID(this.#options.randomBytes);
    this.#keep({ link, deviceID, memory: isSame ? before.memory : undefined });
    this.page.value = { at: 'ready', link };
  }

  /** Asks the computer's user; also again, after an end that allows it. */
  ask(deviceName: string): void {
    const record = this.#record;
    if (!record) return;
    const { memory } = record;
    // A session that was left is asked for anew: if it is over, that is said at once and not after a search.
    void this.#connect(deviceName, record, memory && { ...memory, wasApproved: false });
  }

  /** Ends it from this side: withdraws the request, or disconnects. */
  leave(): void {
    const page = this.page.peek();
    if (this.#attempt?.peer) this.#attempt.peer.leave();
    else if (page.at === 'session') this.#onState(page.link, { status: 'ended', reason: 'left' }, page.channels);
  }

  /** Withdraws the request, and goes back to where it was made. */
  cancel(): void {
    const link = this.#record?.link;
    this.#letGo();
    if (link) this.page.value = { at: 'ready', link };
  }

  /** Drops the session and its secrets. */
  forget(start: { readonly fault?: LinkFault; readonly scan?: boolean } = {}): void {
    this.#letGo();
    this.#record = undefined;
    this.#options.kept.clear();
    this.page.value = { at: 'start', fault: start.fault ?? null, scan: start.scan ?? false };
  }

  /** The page is in front again, or the network is another one. */
  wake(): void {
    this.#attempt?.peer?.wake();
  }

  #restore(deviceName: string): void {
    const record = readRecord(this.#options.kept);
    if (!record) return;
    this.#record = record;
    const { link, memory } = record;
    if (!memory?.wasApproved) {
      this.page.value = { at: 'ready', link };
      return;
    }
    void this.#connect(deviceName, record, memory);
  }

  async #connect(deviceName: string, record: SessionRecord, memory: MobileMemory | undefined): Promise<void> {
    this.#letGo();
    const { link, deviceID } = record;
    const channels = new OpenChannels();
    const attempt: Attempt = { peer: undefined };
    this.#attempt = attempt;
    const isCurrent = (): boolean => this.#attempt === attempt;
    const onState = (state: MobileState): void => {
      if (isCurrent()) this.#onState(link, state, channels);
    };
    onState(memory?.wasApproved === true ? { status: 'reconnecting', why: 'lost' } : { status: 'reaching' });
    let createPeer;
    try {
      createPeer = await this.#options.loadPeer();
    } catch {
      onState({ status: 'ended', reason: 'unreachable' });
      return;
    }
    if (!isCurrent()) return;
    const peer = createPeer({ link, deviceInfo: { name: deviceName, id: deviceID }, memory });
    attempt.peer = peer;
    this.#keep({ link, deviceID, memory: peer.memory });
    peer.on('memory', (next) => {
      if (isCurrent()) this.#keep({ link, deviceID, memory: next });
    });
    peer.on('channel', (channel) => {
      channels.add(channel);
    });
    peer.on('state', onState);
    peer.ask();
  }

  #onState(link: Link, state: MobileState, channels: OpenChannels): void {
    if (state.status === 'connected') channels.useNewest();
    if (state.status === 'ended') this.#onEnd(state.reason === 'left' ? 'scan' : wayOn[state.reason][0]);
    this.page.value = { at: 'session', link, state, channels };
  }

  /** Nothing stays in the browser of a session that is over, or was left. */
  #onEnd(next: 'ask' | 'scan'): void {
    const memory = this.#attempt?.peer?.memory;
    if (this.#record && memory) this.#record = { ...this.#record, memory: { ...memory, wasApproved: false } };
    if (next === 'scan' || !this.#record) this.#options.kept.clear();
    else writeRecord(this.#options.kept, this.#record);
  }

  #keep(record: SessionRecord): void {
    this.#record = record;
    writeRecord(this.#options.kept, record);
  }

  #letGo(): void {
    const peer = this.#attempt?.peer;
    this.#attempt = undefined;
    peer?.leave();
  }
}
