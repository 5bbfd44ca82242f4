import { computed, signal } from '@preact/signals';

import type { ControlSender } from './control-sender.js';
import { type ModifierName, modifierStrokes } from './key-strokes.js';

/** `once`: for the next key or click. `locked`: until it is tapped again. */
export type ModifierState = 'off' | 'once' | 'locked';
export type ModifierStates = Readonly<Record<ModifierName, ModifierState>>;

const allOff: ModifierStates = { ctrl: 'off', alt: 'off', super: 'off', shift: 'off' };
const names: readonly ModifierName[] = ['ctrl', 'alt', 'super', 'shift'];

/** A second tap within this time locks. */
const doubleTapMs = 400;

/** What a tap makes of a modifier. */
export const tapped = (state: ModifierState, sinceLastTapMs: number): ModifierState => {
  switch (state) {
    case 'off':
      return 'once';
    case 'once':
      return sinceLastTapMs <= doubleTapMs ? 'locked' : 'off';
    case 'locked':
      return 'off';
    default:
      return state satisfies never;
  }
};

/** Ctrl, Alt, Super and Shift: held on the computer as long as they are on here, so that they work on clicks as well. */
export class Modifiers {
  readonly states = signal(allOff);
  readonly isAnyOn = computed(() => names.some((name) => this.states.value[name] !== 'off'));
  readonly #sender: Pick<ControlSender, 'key'>;
  #lastTap: { readonly name: ModifierName; readonly time: number } | undefined;

  constructor(sender: Pick<ControlSender, 'key'>) {
    this.#sender = sender;
  }

  /** @param time in milliseconds of any clock */
  tap(name: ModifierName, time: number): void {
    const since = this.#lastTap?.name === name ? time - this.#lastTap.time : Number.POSITIVE_INFINITY;
    this.#lastTap = { name, time };
    this.#set(name, tapped(this.states.value[name], since));
  }

  /** A key or a click has had what was meant for it. */
  used(): void {
    for (const name of names) if (this.states.value[name] === 'once') this.#set(name, 'off');
  }

  /** The computer has let go of them by itself: the connection was lost. */
  forget(): void {
    this.states.value = allOff;
  }

  #set(name: ModifierName, state: ModifierState): void {
    const before = this.states.value[name];
    this.states.value = { ...this.states.value, [name]: state };
    if ((before === 'off') !== (state === 'off')) this.#sender.key(modifierStrokes[name], state !== 'off');
  }
}
