/** After how many bytes the other side is asked whether it has them, and what a message adds to its own length. */
const markBytes = 256 * 1024;
const envelopeBytes = 64;

/**
 * What was said to NATS and is not known to have arrived, in bytes. A client keeps whatever a stalled connection does not
 * take: this tells when that is more than a node should hold on to, and when it has gone out after all.
 */
export class Outflow {
  readonly #mostBytes: number;
  readonly #flush: () => Promise<void>;
  readonly #onStalled: () => void;
  readonly #onFlowing: () => void;
  #waiting = 0;
  #sinceMark = 0;
  #isStalled = false;
  /** Of which connection the marks are: with it goes what waited there. */
  #epoch = 0;

  /**
   * @param options `flush`: resolves when all that was said so far has arrived; `mostBytes`: with so many waiting it is
   * `onStalled`, and `onFlowing` once none of those wait any more
   */
  constructor(options: {
    readonly mostBytes: number;
    readonly flush: () => Promise<void>;
    readonly onStalled: () => void;
    readonly onFlowing: () => void;
  }) {
    this.#mostBytes = options.mostBytes;
    this.#flush = options.flush;
    this.#onStalled = options.onStalled;
    this.#onFlowing = options.onFlowing;
  }

  /** Whether so much waits that nothing more is to be said. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** Something of this many bytes is said. */
  add(bytes: number): void {
    this.#waiting += bytes + envelopeBytes;
    this.#sinceMark += bytes + envelopeBytes;
    if (this.#sinceMark >= markBytes) this.#mark();
    if (this.#isStalled || this.#waiting < this.#mostBytes) return;
    this.#isStalled = true;
    this.#mark();
    this.#onStalled();
  }

  /** The connection is gone, and with it what waited there. */
  reset(): void {
    this.#epoch += 1;
    this.#waiting = 0;
    this.#sinceMark = 0;
    this.#isStalled = false;
  }

  #mark(): void {
    const epoch = this.#epoch;
    const bytes = this.#sinceMark;
    this.#sinceMark = 0;
    const arrived = (): void => {
      if (this.#epoch !== epoch) return;
      this.#waiting -= bytes;
      if (!this.#isStalled || this.#waiting > 0) return;
      this.#isStalled = false;
      this.#onFlowing();
    };
    // What goes wrong with the connection is told by the connection.
    this.#flush().then(arrived, () => undefined);
  }
}
