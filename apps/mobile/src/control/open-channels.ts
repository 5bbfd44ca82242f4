import { controlChannels } from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { signal } from '@preact/signals';

/** The two channels of one direct connection. */
export interface ChannelPair {
  readonly control: DirectChannel;
  readonly motion: DirectChannel;
}

/**
 * Which channels are to be used. Those of a new direct connection open before it is open itself, and while the one
 * before it still works; some that opened are never used, since their connection came to nothing.
 */
export class OpenChannels {
  readonly pair = signal<ChannelPair | undefined>(undefined);
  #opened: { control?: DirectChannel; motion?: DirectChannel } = {};

  add(channel: DirectChannel): void {
    if (channel.label === controlChannels.control.label) this.#opened.control = channel;
    else if (channel.label === controlChannels.motion.label) this.#opened.motion = channel;
  }

  /** The direct connection is open: the newest channels are its own. */
  useNewest(): void {
    const { control, motion } = this.#opened;
    if (!control || !motion) return;
    this.#opened = {};
    this.pair.value = { control, motion };
  }
}
