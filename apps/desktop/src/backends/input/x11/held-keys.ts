import type { KeyStroke } from '@proxim/control';

/** The keys that the phone holds: which keycode each of them holds down. */
export class HeldKeys {
  readonly #keycodes = new Map<string, number>();

  /** What tells one key of the phone from another: its place, since its name changes with Shift. */
  #identity({ code, key }: KeyStroke) {
    return code === '' || code === 'Unidentified' ? key : code;
  }

  has(stroke: KeyStroke): boolean {
    return this.#keycodes.has(this.#identity(stroke));
  }

  isDown(keycode: number): boolean {
    return this.keycodes.includes(keycode);
  }

  get keycodes(): readonly number[] {
    return [...this.#keycodes.values()];
  }

  /** Notes that a key holds a keycode. */
  add(stroke: KeyStroke, keycode: number): void {
    this.#keycodes.set(this.#identity(stroke), keycode);
  }

  /** Forgets a key; returns its keycode if that is to be released, which it is not while another key holds it. */
  remove(stroke: KeyStroke): number | undefined {
    const keycode = this.#keycodes.get(this.#identity(stroke));
    this.#keycodes.delete(this.#identity(stroke));
    return keycode === undefined || this.isDown(keycode) ? undefined : keycode;
  }

  /** Forgets every key; returns the keycodes to release, the last pressed first. */
  clear(): readonly number[] {
    const keycodes = [...new Set(this.#keycodes.values())].reverse();
    this.#keycodes.clear();
    return keycodes;
  }
}
