/** The longest head that is followed: two bytes, a length of two, a mask of four. */
const longestHead = 8;

/**
 * Follows a reader of WebSocket frames (RFC 6455, section 5.2) from outside, by the heads of the frames that it is fed, and
 * knows when it has nothing left to tell of: then a frame that goes past it overtakes none. After what is not followed to
 * its end (a frame of 64 KiB or more, a goodbye, whatever is no frame) it counts as busy for ever.
 */
export class FrameWatch {
  /** Of the head that is being fed: its first two bytes, the two of a longer length, and how many came. */
  #first = 0;
  #told = 0;
  #length = 0;
  #headBytes = 0;
  /** Of the body of the frame that is being fed. */
  #bytesToCome = 0;
  #isInMessage = false;
  /** Messages, pings and pongs that were fed whole and not told of. */
  #untold = 0;
  #isLost = false;

  /** Whether the reader has told of all that it was fed. */
  get isAtRest(): boolean {
    return this.#untold === 0 && this.#headBytes === 0 && !this.#isInMessage && !this.#isLost;
  }

  /** The reader is fed these bytes. */
  onFed(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.#isLost) {
      if (this.#bytesToCome > 0) {
        const taken = Math.min(this.#bytesToCome, bytes.length - at);
        at += taken;
        this.#bytesToCome -= taken;
        if (this.#bytesToCome === 0) this.#onFrameEnd();
      } else {
        this.#onHeadByte(bytes[at] ?? 0);
        at += 1;
      }
    }
  }

  /** The reader has told of a message, a ping or a pong. */
  onTold(): void {
    this.#untold -= 1;
  }

  #onHeadByte(byte: number): void {
    if (this.#headBytes === 0) this.#first = byte;
    else if (this.#headBytes === 1) this.#told = byte;
    else if (this.#headBytes < 4) this.#length = (this.#length << 8) | byte;
    this.#headBytes += 1;
    if (this.#headBytes === this.#headLength()) this.#onHeadEnd();
  }

  /** A client's frames are masked, and so two bytes of them say how long the head is. */
  #headLength(): number {
    if (this.#headBytes < 2) return 2;
    // Without a mask, or with a length of eight bytes.
    if (this.#told < 0x80 || this.#told === 0xff) this.#isLost = true;
    return this.#told === 0xfe ? longestHead : 6;
  }

  #onHeadEnd(): void {
    this.#bytesToCome = this.#told === 0xfe ? this.#length : this.#told & 0x7f;
    if (this.#bytesToCome === 0) this.#onFrameEnd();
  }

  #onFrameEnd(): void {
    const first = this.#first;
    this.#headBytes = 0;
    this.#length = 0;
    const isLast = first >= 0x80;
    switch (first & 0x7f) {
      // A part of a message, the first text, the first bytes: with any reserved bit set it would be none of these.
      case 0:
      case 1:
      case 2:
        this.#isInMessage = !isLast;
        if (isLast) this.#untold += 1;
        break;
      case 9:
      case 10:
        this.#untold += 1;
        break;
      default:
        this.#isLost = true;
    }
  }
}
