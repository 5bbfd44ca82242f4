import { controlChannels } from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { signal } from '@preact/signals';

type ChannelName = keyof typeof controlChannels;

/** The channels of one direct connection. */
export type ChannelSet = Readonly<Record<ChannelName, DirectChannel>>;

/**
 * Which channels are to be used. Those of a new direct connection open before it is open itself, and while the one
 * before it still works; some that opened are never used, since their connection came to nothing.
 */
export class OpenChannels {
  readonly set = signal<ChannelSet | undefined>(undefined);
  readonly #opened = new Map<string, DirectChannel>();

  add(channel: DirectChannel): void {
    this.#opened.set(channel.label, channel);
  }

  /** The direct connection is open: the newest channels are its own. */
  useNewest(): void {
    const control = this.#opened.get(controlChannels.control.label);
    const motion = this.#opened.get(controlChannels.motion.label);
    const clipboard = this.#opened.get(controlChannels.clipboard.label);
    const screen = this.#opened.get(controlChannels.screen.label);
    if (!control || !motion || !clipboard || !screen) return;
    this.#opened.clear();
    this.set.value = { control, motion, clipboard, screen };
  }
}
