import { batch, computed, type ReadonlySignal, signal, type Signal } from '@preact/signals';

import type { WindowCommand, WindowEvent, WindowState } from '../host/window-protocol.js';
import { activeSessions, currentScreen, type Screen } from './current-screen.js';
import type { HostStatus } from './host-connection.js';
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

/** All that the window knows and can do. */
export interface WindowStore {
  readonly clock: WindowClock;
  readonly status: Signal<HostStatus>;
  readonly state: ReadonlySignal<WindowState | null>;
  readonly screen: ReadonlySignal<Screen>;
  /** What the app could not do, in its words. */
  readonly fault: Signal<string | null>;
  /** Whether the user wants a code although somebody is connected. */
  readonly wantsCode: Signal<boolean>;
  readonly isLogOpen: Signal<boolean>;
  /** How often Escape was pressed just now. */
  readonly escapes: ReadonlySignal<number>;
  readonly receive: (event: WindowEvent) => void;
  readonly send: (command: WindowCommand) => void;
  /** Counts a press of Escape, at the event's own time; the third in time ends every session that a phone is in. */
  readonly escape: (at: number) => void;
}

/** @param send hands a command to the app; false when it cannot be reached */
export const createWindowStore = (clock: WindowClock, send: (command: WindowCommand) => boolean): WindowStore => {
  const status = signal<HostStatus>('connecting');
  const state = signal<WindowState | null>(null);
  const fault = signal<string | null>(null);
  const wantsCode = signal(false);
  const presses = signal<EscapePresses>([]);
  let forgetPresses = (): void => undefined;

  const screen = computed(() => currentScreen(status.value, state.value, wantsCode.value));

  const sendCommand = (command: WindowCommand): void => {
    fault.value = null;
    send(command);
  };

  const receive = (event: WindowEvent): void => {
    switch (event.event) {
      case 'state':
        batch(() => {
          // A phone that was not there before is shown, whatever was looked at.
          const known = new Set(state.value ? activeSessions(state.value).map(({ session }) => session.sessionID) : []);
          const isNew = activeSessions(event.state).some(({ session }) => !known.has(session.sessionID));
          if (isNew) wantsCode.value = false;
          state.value = event.state;
        });
        return;
      case 'error':
        fault.value = event.message;
        return;
      default:
        event satisfies never;
    }
  };

  const escape = (at: number): void => {
    const active = state.value ? activeSessions(state.value) : [];
    forgetPresses();
    const { presses: counted, isComplete } = pressEscape(presses.value, at);
    presses.value = active.length === 0 ? [] : counted;
    forgetPresses = clock.after(escapeWindowMs, () => {
      presses.value = [];
    });
    if (!isComplete) return;
    for (const { session } of active) sendCommand({ command: 'close', sessionID: session.sessionID });
  };

  return {
    clock,
    status,
    state,
    screen,
    fault,
    wantsCode,
    isLogOpen: signal(false),
    escapes: computed(() => presses.value.length),
    receive,
    send: sendCommand,
    escape,
  };
};
