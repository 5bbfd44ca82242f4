import {
  defaultTouchpadSettings,
  idleTouchpad,
  touchpad,
  type TouchpadAction,
  type TouchpadEvent,
  type TouchpadSettings,
  type TouchpadState,
} from '@proxim/control';

/** A touchpad whose time moves with its events: it is woken whenever it has asked for that. */
export class Pad {
  state: TouchpadState = idleTouchpad;
  now = 0;
  readonly #settings: TouchpadSettings;
  #actions: TouchpadAction[] = [];

  constructor(settings: Partial<TouchpadSettings> = {}) {
    this.#settings = { ...defaultTouchpadSettings, ...settings };
  }

  /** What it has done since it was asked last. */
  take(): readonly TouchpadAction[] {
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  /** Only the buttons and vibrations of that, as `left down`, `left up`, `vibrate`. */
  takeButtons(): readonly string[] {
    return this.take().flatMap((action) => {
      if (action.type === 'vibrate') return ['vibrate'];
      return action.type === 'button' ? [`${action.button} ${action.pressed ? 'down' : 'up'}`] : [];
    });
  }

  takeScrolls(): readonly { readonly x: number; readonly y: number }[] {
    return this.take().flatMap((action) => (action.type === 'scroll' ? [{ x: action.x, y: action.y }] : []));
  }

  /** Lets time pass, with the wakes that fall into it. */
  wait(ms: number): this {
    const end = this.now + ms;
    for (let wakes = 0; this.state.wakeAt !== null && this.state.wakeAt <= end; wakes += 1) {
      if (wakes > 10_000) throw new Error('the pad wants to be woken for ever');
      this.now = Math.max(this.now, this.state.wakeAt);
      this.#happens({ type: 'wake', time: this.now });
    }
    this.now = end;
    return this;
  }

  down(finger = 0, x = 100, y = 100): this {
    return this.#happens({ type: 'down', finger, x, y, time: this.now });
  }

  move(finger: number, x: number, y: number): this {
    return this.#happens({ type: 'move', finger, x, y, time: this.now });
  }

  up(finger = 0): this {
    const at = this.state.fingers.get(finger) ?? { x: 0, y: 0 };
    return this.#happens({ type: 'up', finger, x: at.x, y: at.y, time: this.now });
  }

  cancel(): this {
    return this.#happens({ type: 'cancel', time: this.now });
  }

  /** Touches with so many fingers, and lifts them after `ms`. */
  tap(fingers = 1, ms = 80): this {
    for (let finger = 0; finger < fingers; finger += 1) this.down(finger, 100 + finger * 60);
    this.wait(ms);
    for (let finger = 0; finger < fingers; finger += 1) this.up(finger);
    return this;
  }

  /** Two fingers go down by so many pixels, a step of 16 ms at a time. */
  swipe(pixels: number, steps = 10): this {
    this.down(0, 100, 100).down(1, 160, 100);
    for (let step = 1; step <= steps; step += 1) {
      this.wait(16);
      const y = 100 + (pixels * step) / steps;
      this.move(0, 100, y).move(1, 160, y);
    }
    return this;
  }

  #happens(event: TouchpadEvent): this {
    const { state, actions } = touchpad(this.state, event, this.#settings);
    this.state = state;
    this.#actions.push(...actions);
    return this;
  }
}
