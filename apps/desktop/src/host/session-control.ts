import type { DirectChannel } from '@proxim/peer';

/** Carries out what arrives on one kind of channel of one direct connection. */
export interface ChannelReceiver {
  /** Takes a channel; false when it has one of that label: then a newer connection has begun. */
  accept(channel: DirectChannel): boolean;
  /** Tells the phone how things stand on this computer. */
  announceState(): void;
  /** The user allows more, or less. */
  rightsChanged(): void;
  /** The phone has fallen silent: nothing of it stays pressed or goes on meanwhile. */
  release(): void;
  /** The connection is over, or another one counts from now on. */
  stop(): void;
}

/** One kind of receiver: the labels of its channels, and how one is made for a new direct connection. */
export interface ReceiverKind {
  readonly labels: readonly string[];
  readonly make: () => ChannelReceiver;
}

/** All that one session's phone does here, over the channels of its newest direct connection. */
export class SessionControl {
  readonly #kinds: readonly ReceiverKind[];
  readonly #receivers = new Map<ReceiverKind, ChannelReceiver>();

  constructor(kinds: readonly ReceiverKind[]) {
    this.#kinds = kinds;
  }

  /** Takes a channel that the phone has opened; one with a label of a newer phone is passed over. */
  accept(channel: DirectChannel): void {
    const kind = this.#kinds.find(({ labels }) => labels.includes(channel.label));
    if (!kind) return;
    const before = this.#receivers.get(kind);
    if (before?.accept(channel)) return;
    before?.stop();
    const receiver = kind.make();
    this.#receivers.set(kind, receiver);
    receiver.accept(channel);
  }

  announceState(): void {
    for (const receiver of this.#receivers.values()) receiver.announceState();
  }

  rightsChanged(): void {
    for (const receiver of this.#receivers.values()) receiver.rightsChanged();
  }

  release(): void {
    for (const receiver of this.#receivers.values()) receiver.release();
  }

  stop(): void {
    for (const receiver of this.#receivers.values()) receiver.stop();
  }
}
