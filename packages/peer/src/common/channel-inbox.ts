type Message = string | Uint8Array;

/** What a channel may hold before somebody listens. */
const maxEarlyMessages = 1024;
const maxEarlyBytes = 1_048_576;

/**
 * A channel's messages on their way to its listener. Those that come before there is one are kept, up to a bound: the
 * other side could otherwise fill the memory through a channel that nobody reads.
 */
export class ChannelInbox {
  readonly #isClosed: () => boolean;
  #listener: ((data: Message) => void) | undefined;
  #early: Message[] = [];
  #earlyBytes = 0;

  /** @param isClosed whether the connection was ended on this side: what an engine still delivers then counts no more */
  constructor(isClosed: () => boolean) {
    this.#isClosed = isClosed;
  }

  receive(data: Message): void {
    if (this.#isClosed()) return;
    if (this.#listener) {
      this.#listener(data);
      return;
    }
    this.#earlyBytes += data.length;
    if (this.#early.length < maxEarlyMessages && this.#earlyBytes <= maxEarlyBytes) this.#early.push(data);
  }

  listen(listener: (data: Message) => void): void {
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    for (const data of early) this.receive(data);
  }
}
