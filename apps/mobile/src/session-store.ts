import { controlChannels } from '@proxim/control';
import { MobilePeer, type MobileState, type PeerEnvironment } from '@proxim/peer';
import type { Link, LinkFault } from '@proxim/protocol';
import { signal } from '@preact/signals';

import { OpenChannels } from './control/open-channels.js';
import { newDeviceID, readRecord, type SessionRecord, writeRecord } from './session-record.js';
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
  readonly environment: PeerEnvironment;
  /** Where this tab keeps its session. */
  readonly kept: KeptText;
}

/** The one session of this tab: what the page shows follows from it. */
export class SessionStore {
  readonly page = signal<Page>({ at: 'start', fault: null, scan: false });
  readonly #options: SessionStoreOptions;
  #record: SessionRecord | undefined;
  #peer: MobilePeer | undefined;

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
    const deviceID = isSame ? before.deviceID : newDeviceID(this.#options.environment.randomBytes);
    this.#keep({ link, deviceID, memory: isSame ? before.memory : undefined });
    this.page.value = { at: 'ready', link };
  }

  /** Asks the computer's user; also again, after an end that allows it. */
  ask(deviceName: string): void {
    const record = this.#record;
    if (!record) return;
    const { link, deviceID, memory } = record;
    // A session that was left is asked for anew: if it is over, that is said at once and not after a search.
    this.#connect(record, { name: deviceName, id: deviceID }, memory && { ...memory, wasApproved: false });
    this.#keep({ link, deviceID, memory: this.#peer?.memory });
    this.#peer?.ask();
  }

  /** Ends it from this side: withdraws the request, or disconnects. */
  leave(): void {
    this.#peer?.leave();
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
    this.#peer?.wake();
  }

  #restore(deviceName: string): void {
    const record = readRecord(this.#options.kept);
    if (!record) return;
    this.#record = record;
    const { link, deviceID, memory } = record;
    if (!memory?.wasApproved) {
      this.page.value = { at: 'ready', link };
      return;
    }
    this.#connect(record, { name: deviceName, id: deviceID }, memory);
    this.#peer?.ask();
  }

  #connect(record: SessionRecord, deviceInfo: { name: string; id: string }, memory: SessionRecord['memory']): void {
    this.#letGo();
    const { environment } = this.#options;
    const { link } = record;
    const peer = new MobilePeer({ environment, link, deviceInfo, channels: Object.values(controlChannels), memory });
    const channels = new OpenChannels();
    this.#peer = peer;
    peer.on('memory', (next) => {
      if (this.#peer === peer) this.#keep({ link, deviceID: deviceInfo.id, memory: next });
    });
    peer.on('channel', (channel) => {
      channels.add(channel);
    });
    peer.on('state', (state) => {
      if (this.#peer === peer) this.#onState(link, state, channels);
    });
  }

  #onState(link: Link, state: MobileState, channels: OpenChannels): void {
    if (state.status === 'connected') channels.useNewest();
    if (state.status === 'ended') this.#onEnd(state.reason === 'left' ? 'scan' : wayOn[state.reason][0]);
    this.page.value = { at: 'session', link, state, channels };
  }

  /** Nothing stays in the browser of a session that is over, or was left. */
  #onEnd(next: 'ask' | 'scan'): void {
    const memory = this.#peer?.memory;
    if (this.#record && memory) this.#record = { ...this.#record, memory: { ...memory, wasApproved: false } };
    if (next === 'scan' || !this.#record) this.#options.kept.clear();
    else writeRecord(this.#options.kept, this.#record);
  }

  #keep(record: SessionRecord): void {
    this.#record = record;
    writeRecord(this.#options.kept, record);
  }

  #letGo(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    peer?.leave();
  }
}
