import { batch, computed, type ReadonlySignal, signal, type Signal } from '@preact/signals';

import type { ScreenEvent } from '../host/screen-protocol.js';
import type { WindowCommand, WindowEvent, WindowState } from '../host/window-protocol.js';
import { currentScreen, type Screen } from './current-screen.js';
import type { HostStatus } from './host-connection.js';
import { activePhones, lookAgain, type Moment, type Phone, phonesOf } from './phones.js';
import { type EscapePresses, escapeWindowMs, pressEscape } from './triple-escape.js';

/** The two clocks of a browser, and its timer. */
export interface WindowClock {
  /** Unix milliseconds, as the app counts. */
  readonly now: () => number;
  /** Milliseconds as the events' `timeStamp` counts them. */
  readonly eventNow: () => number;
  /** Runs `task` after so many milliseconds; the result calls it off. */
  readonly after: (ms: number, task: () => void) => () => void;
}

/** What changes what the window shows; the rest goes to whom it is for. */
export type StoreEvent = Exclude<WindowEvent, ScreenEvent>;

/** What the user is about to do to a phone in the list. */
export type PhoneAction =
  | { readonly kind: 'rename'; readonly sessionID: string; readonly text: string }
  /** `isSent`: it was confirmed, and the app has not answered yet. */
  | { readonly kind: 'remove'; readonly sessionID: string; readonly isSent: boolean };

/** All that the window knows and can do. */
export interface WindowStore {
  readonly clock: WindowClock;
  readonly status: Signal<HostStatus>;
  readonly state: ReadonlySignal<WindowState | null>;
  /** Every phone that was approved. */
  readonly phones: ReadonlySignal<readonly Phone[]>;
  readonly moment: ReadonlySignal<Moment>;
  readonly screen: ReadonlySignal<Screen>;
  /** What the app could not do, in its words. */
  readonly fault: Signal<string | null>;
  /** Whether the user wants a code although somebody is connected. */
  readonly wantsCode: Signal<boolean>;
  readonly isLogOpen: Signal<boolean>;
  readonly arePhonesOpen: Signal<boolean>;
  readonly phoneAction: Signal<PhoneAction | null>;
  /** What came of the user's last deed, for who cannot see it. */
  readonly done: Signal<string>;
  /** How often Escape was pressed just now. */
  readonly escapes: ReadonlySignal<number>;
  readonly receive: (event: StoreEvent) => void;
  readonly send: (command: WindowCommand) => void;
  /** Counts a press of Escape, at the event's own time; the third in time ends every session that a phone is in. */
  readonly escape: (at: number) => void;
}

/** Somebody else was faster, in another window or in the terminal; what came of it is on the screen already. */
const fasterElsewhere: ReadonlySet<string> = new Set(['not_paired', 'question_over', 'session_not_found']);

/** @param send hands a command to the app; false when it cannot be reached */
export const createWindowStore = (clock: WindowClock, send: (command: WindowCommand) => boolean): WindowStore => {
  const status = signal<HostStatus>('connecting');
  const state = signal<WindowState | null>(null);
  const fault = signal<string | null>(null);
  const wantsCode = signal(false);
  const presses = signal<EscapePresses>([]);
  const moment = signal<Moment>({ now: clock.now(), sightings: new Map() });
  const phoneAction = signal<PhoneAction | null>(null);
  let forgetPresses = (): void => undefined;
  let forgetLook = (): void => undefined;

  const phones = computed(() => (state.value ? phonesOf(state.value, moment.value) : []));
  const screen = computed(() => currentScreen(status.value, state.value, phones.value, wantsCode.value));

  /** Looks once more when time alone makes a difference: a phone that was lost is away at some point. */
  const lookLater = (): void => {
    forgetLook();
    const next = Math.min(...phones.value.map(({ until }) => until ?? Infinity));
    if (next === Infinity) return;
    forgetLook = clock.after(next - moment.value.now, () => {
      moment.value = { ...moment.value, now: clock.now() };
      lookLater();
    });
  };

  const activeIDs = (): ReadonlySet<string> =>
    new Set(activePhones(phones.value).map(({ session }) => session.sessionID));

  const sendCommand = (command: WindowCommand): void => {
    fault.value = null;
    send(command);
  };

  const receive = (event: StoreEvent): void => {
    switch (event.event) {
      case 'state':
        batch(() => {
          const known = activeIDs();
          const now = clock.now();
          moment.value = { now, sightings: lookAgain(moment.value.sightings, event.state, now) };
          state.value = event.state;
          // A phone that was not there before is shown, whatever was looked at.
          if ([...activeIDs()].some((sessionID) => !known.has(sessionID))) wantsCode.value = false;
          const { value: action } = phoneAction;
          if (action && !phones.value.some(({ session }) => session.sessionID === action.sessionID)) {
            phoneAction.value = null;
          }
        });
        lookLater();
        return;
      case 'error':
        if (phoneAction.value?.kind === 'remove' && phoneAction.value.isSent) phoneAction.value = null;
        if (!fasterElsewhere.has(event.code)) fault.value = event.message;
        return;
      default:
        event satisfies never;
    }
  };

  const escape = (at: number): void => {
    const active = activePhones(phones.value);
    forgetPresses();
    const { presses: counted, isComplete } = pressEscape(presses.value, at);
    presses.value = active.length === 0 ? [] : counted;
    forgetPresses = clock.after(escapeWindowMs, () => {
      presses.value = [];
    });
    if (!isComplete) return;
    for (const { session } of active) {
      // Whoever only lost its connection holds nothing, and would be forgotten for good.
      const isHarmless = session.isRemembered && session.direct !== 'connected';
      if (!isHarmless) sendCommand({ command: 'close', sessionID: session.sessionID });
    }
  };

  return {
    clock,
    status,
    state,
    phones,
    moment,
    screen,
    fault,
    wantsCode,
    isLogOpen: signal(false),
    arePhonesOpen: signal(false),
    phoneAction,
    done: signal(''),
    escapes: computed(() => presses.value.length),
    receive,
    send: sendCommand,
    escape,
  };
};
