import type { KeyStroke, PointerButton } from '@proxim/control';

/**
 * What moves this computer's pointer and presses its keys: one implementation a platform.
 *
 * Calls take effect in the order in which they were made, also behind a `text` that needs time; only `releaseAll` and
 * `close` overtake what waits. None of them throws: a backend that loses its screen says so once through `onLost`, and
 * does nothing from then on.
 */
export interface InputBackend {
  /** For the log and for `proxim doctor`: `x11`. */
  readonly name: string;
  /** The keys that end control from anywhere, for the user: `Ctrl+Alt+End`; null where there are none. */
  readonly panicKey: string | null;
  /** Moves the pointer by whole pixels, x to the right and y down; the screen's edges stop it. */
  move(dx: number, dy: number): void;
  /** Presses or releases a button. Pressing a pressed one, or releasing a released one, does nothing. */
  button(button: PointerButton, pressed: boolean): void;
  /** Turns the wheel by whole notches, positive to the right and down. */
  scroll(notchesX: number, notchesY: number): void;
  /**
   * Types text exactly, whatever keyboard layout the desktop has: any Unicode, whole graphemes; `\n` is Enter, `\t` Tab.
   * Leaves a text out with which more than 20,000 UTF-16 units would wait to be typed.
   */
  text(text: string): void;
  /** Presses or releases one key of a shortcut, with what the phone knows of it. Keys held twice are held once. */
  key(stroke: KeyStroke, pressed: boolean): void;
  /**
   * Releases every key and button that this backend holds, at once: what still waits is dropped, and a text that is being
   * typed ends. Later calls keep their order.
   */
  releaseAll(): void;
  /** Waits until all that was asked for, and not dropped, has reached the screen. For tests and for a clean end. */
  settled(): Promise<void>;
  /** Releases everything as `releaseAll` does, and leaves the screen. */
  close(): Promise<void>;
}

/** Why there is no backend: shown to the user with the cure. */
export type InputBackendFault = 'no_screen' | 'no_permission' | 'unsupported_platform';
