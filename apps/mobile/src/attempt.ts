import type { MobileMemory, MobileState } from '@proxim/peer';
import type { SessionType } from '@proxim/protocol';

import { OpenChannels } from './control/open-channels.js';
import type { SessionPeer, SessionPeerOptions } from './session-peer.js';
import type { SessionRecord } from './session-record.js';

/** Fetches what speaks to the computer: the first screen does not wait for it. */
export type LoadPeer = () => Promise<(options: SessionPeerOptions) => SessionPeer>;

export interface AttemptHandlers {
  onState(state: MobileState): void;
  onMemory(memory: MobileMemory): void;
  onSessionType(sessionType: SessionType): void;
}

/** One way from asking to the end. Once it was left, what its peer still says is heard no more. */
export class Attempt {
  readonly channels = new OpenChannels();
  readonly #loadPeer: LoadPeer;
  readonly #handlers: AttemptHandlers;
  #peer: SessionPeer | undefined;
  #isLeft = false;

  constructor(options: { readonly loadPeer: LoadPeer; readonly handlers: AttemptHandlers }) {
    this.#loadPeer = options.loadPeer;
    this.#handlers = options.handlers;
  }

  /** What the peer knows by now. */
  get memory(): MobileMemory | undefined {
    return this.#peer?.memory;
  }

  async start({ link, deviceID, memory }: SessionRecord, deviceName: string): Promise<void> {
    const handlers = this.#handlers;
    handlers.onState(memory?.wasApproved === true ? { status: 'reconnecting', why: 'lost' } : { status: 'reaching' });
    let createPeer;
    try {
      createPeer = await this.#loadPeer();
    } catch {
      if (!this.#isLeft) handlers.onState({ status: 'ended', reason: 'unreachable' });
      return;
    }
    if (this.#isLeft) return;
    const peer = createPeer({ link, deviceInfo: { name: deviceName, id: deviceID }, memory });
    this.#peer = peer;
    handlers.onMemory(peer.memory);
    peer.on('memory', (next) => {
      if (!this.#isLeft) handlers.onMemory(next);
    });
    peer.on('session', ({ sessionType }) => {
      if (!this.#isLeft) handlers.onSessionType(sessionType);
    });
    peer.on('channel', (channel) => {
      this.channels.add(channel);
    });
    peer.on('state', (state) => {
      if (this.#isLeft) return;
      if (state.status === 'connected') this.channels.useNewest();
      handlers.onState(state);
    });
    peer.ask();
  }

  /** Withdraws the request, or disconnects; the end is heard. */
  end(): void {
    if (this.#peer) this.#peer.leave();
    else {
      this.#isLeft = true;
      this.#handlers.onState({ status: 'ended', reason: 'left' });
    }
  }

  /** The same, and nothing of it is heard. */
  leave(): void {
    this.#isLeft = true;
    this.#peer?.leave();
  }

  /** Another tab goes on with the session: nothing of it is heard here, and the computer misses nobody. */
  giveWay(): void {
    this.#isLeft = true;
    this.#peer?.giveWay();
  }

  /** Whether the computer itself has said that it is over. */
  get wasEndedByComputer(): boolean {
    return this.#peer?.wasEndedByComputer ?? false;
  }

  /** The page is in front again: looks at once whether everything still stands. */
  wake(): void {
    this.#peer?.wake();
  }

  /** The phone is in another network. */
  networkChanged(): void {
    this.#peer?.networkChanged();
  }
}
