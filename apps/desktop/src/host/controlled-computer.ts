import { type Clock, isProximError } from '@proxim/protocol';

import type { InputBackend } from '../backends/input/input-backend.js';
import { WatchedInput } from './watched-input.js';

/** Why this computer cannot be controlled: a code for programs, a sentence with the cure for people. */
export interface ControlProblem {
  readonly code: string;
  readonly sentence: string;
}

/** Takes hold of the pointer and the keyboard. `onLost`: they are gone. `onPanic`: the user wants all control to end. */
export type ConnectInput = (handlers: {
  readonly onLost: () => void;
  readonly onPanic: () => void;
}) => Promise<InputBackend>;

const problemOf = (error: unknown): ControlProblem => ({
  code: isProximError(error) ? error.code : 'no_screen',
  sentence: error instanceof Error ? error.message : 'This computer cannot be controlled.',
});

/** This computer's pointer and keyboard: there, not there yet, or not to be had. */
export class ControlledComputer {
  readonly #connect: ConnectInput;
  readonly #onPanic: () => void;
  readonly #onChange: () => void;
  readonly #clock: Pick<Clock, 'now'>;
  #input: WatchedInput | null = null;
  #problem: ControlProblem | null = null;
  #isClosed = false;

  constructor(options: {
    readonly connect: ConnectInput;
    readonly clock: Pick<Clock, 'now'>;
    readonly onPanic: () => void;
    readonly onChange: () => void;
  }) {
    this.#connect = options.connect;
    this.#clock = options.clock;
    this.#onPanic = options.onPanic;
    this.#onChange = options.onChange;
  }

  /** Null while nothing can be controlled. */
  get input(): InputBackend | null {
    return this.#input;
  }

  /** Whether a phone is pressing something, so that what is pressed may be its doing. */
  get isPressing(): boolean {
    return this.#input?.isPressing ?? false;
  }

  get problem(): ControlProblem | null {
    return this.#problem;
  }

  async connect(): Promise<void> {
    try {
      const input = await this.#connect({
        onLost: () => {
          this.#lost();
        },
        onPanic: this.#onPanic,
      });
      if (this.#isClosed) {
        await input.close();
        return;
      }
      this.#input = new WatchedInput(input, this.#clock);
      this.#problem = null;
    } catch (error) {
      this.#problem = problemOf(error);
    }
    this.#onChange();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#input?.close();
  }

  #lost(): void {
    if (this.#isClosed) return;
    this.#input = null;
    this.#problem = {
      code: 'no_screen',
      sentence: 'The screen that Proxim controlled is gone. Start Proxim again on the new one.',
    };
    this.#onChange();
  }
}
