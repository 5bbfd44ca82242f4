/** Bytes at a time of one who sends much: as many frames as these hold are read before he can be made to wait. */
const sliceBytes = 256;

export interface IntakeEnds {
  /** Makes frames of bytes; they are heard of later. */
  feed(bytes: Buffer): void;
  /** The socket is to be read from, or not, until told otherwise. */
  stopReading(): void;
  readOn(): void;
  /** Bytes are about to be fed. May pause the intake. @returns whether they may be fed however many they are */
  onRead(): boolean;
}

/**
 * What lies between a socket and the reader of its frames. One read can hold thousands of frames, and whoever pauses a
 * socket has been handed all of them already; here what was read waits as bytes, which cost nothing.
 */
export class Intake {
  readonly #ends: IntakeEnds;
  #rest: Buffer | undefined;
  #isHeld = false;
  #isScheduled = false;

  constructor(ends: IntakeEnds) {
    this.#ends = ends;
  }

  onData(bytes: Buffer): void {
    if (this.#rest) {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      return;
    }
    const mayBurst = this.#ends.onRead();
    if (!this.#isHeld && (mayBurst || bytes.length <= sliceBytes)) {
      this.#ends.feed(bytes);
      return;
    }
    this.#rest = bytes;
    this.#ends.stopReading();
    if (!this.#isHeld) this.#feedSlice();
  }

  /** Nothing more is fed until `release`. */
  hold(): void {
    this.#isHeld = true;
    this.#ends.stopReading();
  }

  release(): void {
    this.#isHeld = false;
    if (this.#rest) this.#schedule();
    else this.#ends.readOn();
  }

  /** The socket was lost. What is left of one who was not made to wait is fed at once. */
  onLost(): void {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest && !this.#isHeld) this.#ends.feed(rest);
  }

  /** What is left is thrown away. */
  end(): void {
    this.#rest = undefined;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#rest || this.#isHeld) return;
      this.#ends.onRead();
      // It may have been paused by that.
      if (!(this.#isHeld as boolean)) this.#feedSlice();
    });
  }

  #feedSlice(): void {
    const rest = this.#rest;
    if (!rest) return;
    this.#rest = rest.length > sliceBytes ? rest.subarray(sliceBytes) : undefined;
    this.#ends.feed(rest.subarray(0, sliceBytes));
    if (this.#rest) this.#schedule();
    else if (!this.#isHeld) this.#ends.readOn();
  }
}
