import type { KeyStroke, PointerButton } from '@proxim/control';
import type { Clock } from '@proxim/protocol';

import type { InputBackend } from '../backends/input/input-backend.js';
import { placeOf } from './key-place.js';

/** A program may still be busy with the last press for as long as this. */
const afterwardsMs = 1000;

/**
 * A backend that knows whether phones are pressing something at the moment: what is pressed in Proxim's own window then
 * may be a phone's doing, and a phone must not grant itself anything.
 */
export class WatchedInput implements InputBackend {
  readonly #input: InputBackend;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #held = new Set<string>();
  /** Presses, and texts, that have not reached the screen yet. */
  #waiting = 0;
  #lastAt = -Infinity;

  constructor(input: InputBackend, clock: Pick<Clock, 'now'>) {
    this.#input = input;
    this.#clock = clock;
  }

  /** Whether a phone holds or presses anything, or did a moment ago. A key that is held repeats by itself. */
  get isPressing(): boolean {
    return this.#waiting > 0 || this.#held.size > 0 || this.#clock.now() - this.#lastAt < afterwardsMs;
  }

  get name(): string {
    return this.#input.name;
  }

  get panicKey(): string | null {
    return this.#input.panicKey;
  }

  move(dx: number, dy: number): void {
    this.#input.move(dx, dy);
  }

  button(button: PointerButton, pressed: boolean): void {
    this.#hold(`button ${button}`, pressed);
    this.#input.button(button, pressed);
    this.#watch();
  }

  scroll(notchesX: number, notchesY: number): void {
    this.#input.scroll(notchesX, notchesY);
  }

  text(text: string): void {
    this.#input.text(text);
    this.#watch();
  }

  key(stroke: KeyStroke, pressed: boolean): void {
    this.#hold(`key ${placeOf(stroke)}`, pressed);
    this.#input.key(stroke, pressed);
    this.#watch();
  }

  releaseAll(): void {
    const isBusy = this.#waiting > 0 || this.#held.size > 0;
    this.#held.clear();
    this.#input.releaseAll();
    // Where nothing was pressed nothing is released.
    if (isBusy) this.#watch();
  }

  settled(): Promise<void> {
    return this.#input.settled();
  }

  close(): Promise<void> {
    return this.#input.close();
  }

  #hold(what: string, pressed: boolean): void {
    if (pressed) this.#held.add(what);
    else this.#held.delete(what);
  }

  #watch(): void {
    this.#waiting += 1;
    const done = (): void => {
      this.#waiting -= 1;
      this.#lastAt = this.#clock.now();
    };
    this.#input.settled().then(done, done);
  }
}
