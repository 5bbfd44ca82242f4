import {
  idleTouchpad,
  type PointerButton,
  touchpad,
  type TouchpadAction,
  type TouchpadEvent,
  type TouchpadSettings,
  type TouchpadState,
} from '@proxim/control';
import type { Clock, Timer } from '@proxim/protocol';

export interface PadHandlers {
  onMove(x: number, y: number): void;
  onScroll(x: number, y: number): void;
  onButton(button: PointerButton, pressed: boolean): void;
  onVibrate(): void;
}

/** Carries out what the pad's rules say, and wakes them when they want to be woken. */
export class PadDriver {
  readonly #clock: Clock;
  readonly #settings: () => TouchpadSettings;
  readonly #handlers: PadHandlers;
  #state: TouchpadState = idleTouchpad;
  #timer: Timer | undefined;

  /** @param options `clock` must be the one of the events' timestamps */
  constructor(options: {
    readonly clock: Clock;
    readonly settings: () => TouchpadSettings;
    readonly handlers: PadHandlers;
  }) {
    this.#clock = options.clock;
    this.#settings = options.settings;
    this.#handlers = options.handlers;
  }

  handle(event: TouchpadEvent): void {
    const { state, actions } = touchpad(this.#state, event, this.#settings());
    this.#state = state;
    for (const action of actions) this.#carryOut(action);
    this.#setTimer(state.wakeAt);
  }

  /** Lets go of everything: the pad goes away, or the connection did. */
  stop(): void {
    this.handle({ type: 'cancel', time: this.#clock.now() });
  }

  #setTimer(wakeAt: number | null): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (wakeAt === null) return;
    this.#timer = this.#clock.setTimer(Math.max(0, wakeAt - this.#clock.now()), () => {
      // A timer may be a little early, and the rules mean the moment itself.
      this.handle({ type: 'wake', time: Math.max(wakeAt, this.#clock.now()) });
    });
  }

  #carryOut(action: TouchpadAction): void {
    switch (action.type) {
      case 'move':
        this.#handlers.onMove(action.x, action.y);
        break;
      case 'scroll':
        this.#handlers.onScroll(action.x, action.y);
        break;
      case 'button':
        this.#handlers.onButton(action.button, action.pressed);
        break;
      case 'vibrate':
        this.#handlers.onVibrate();
        break;
      default:
        action satisfies never;
    }
  }
}
