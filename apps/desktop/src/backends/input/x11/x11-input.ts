import { setTimeout as wait } from 'node:timers/promises';
import type { KeyStroke, PointerButton } from '@proxim/control';
import { ProximError } from '@proxim/protocol';
import type { InputBackend, InputBackendFault } from '../input-backend.js';
import { connectX11, type X11Connection, type X11Log } from './connection.js';
import { HeldKeys } from './held-keys.js';
import { readKeyboard, type Keyboard } from './keyboard.js';
import { createOrderedQueue, type QueueStep } from './ordered-queue.js';
import { findShortcut, findShortcutSlowly } from './shortcut.js';
import { PanicKey, panicKeyName } from './panic-key.js';
import { SpareKeycodes, type SettleClock } from './spare-keycodes.js';
import { typeText } from './text-typing.js';

export interface X11InputOptions {
  /** Which screen, as in the environment's DISPLAY: `:0`. */
  readonly display: string;
  readonly log?: X11Log;
  /** The X server has gone; called once at most, and not after `close`. */
  readonly onLost: () => void;
  /** The user has pressed the keys that end control; they are taken when this is given. */
  readonly onPanic?: () => void;
  /** Waits for programs to notice a remapped keycode; the real clock when left out. */
  readonly clock?: SettleClock;
}

/** X protocol: the wheel is buttons 4 to 7; 8 and 9 are what browsers know as back and forward. */
const buttonNumbers: Readonly<Record<PointerButton, number>> = { left: 1, middle: 2, right: 3, back: 8, forward: 9 };
const wheel = { up: 4, down: 5, left: 6, right: 7 } as const;

/**
 * As in `SpareKeycodesOptions`. Measured with xterm: behind by 2 ms at rest, by 50 ms just after a new layout, and by more
 * than 90 ms now and then on a machine with several times the work that it can do.
 */
const timing = { settleMs: 8, keepMs: 120, keepAfterChangeMs: 400 };
/** No finger turns the wheel further at once; without a bound one wrong number would flood the screen with clicks. */
const mostNotches = 100;
/** Steps that wait before nothing but releases joins them: a key that the layout lacks takes 8 ms, and nobody still means it. */
const mostWaiting = 1000;
/** In UTF-16 units: what foreign characters need minutes for, and nobody still means by then. */
const mostQueuedText = 20_000;

const realClock: SettleClock = { now: () => performance.now(), wait: (milliseconds) => wait(milliseconds) };

const whole = (value: number, most: number): number =>
  Number.isFinite(value) ? Math.max(-most, Math.min(most, Math.trunc(value))) : 0;

/** X protocol: keycodes are 8 to 255. */
const firstKeycode = 8;
const lastKeycode = 255;

/**
 * Releases what an earlier run held when it was killed: the server does not. A key under somebody's finger is another
 * device's to the server, and stays.
 */
const releaseLeftovers = async (connection: X11Connection): Promise<void> => {
  const state = await connection.readState();
  for (let keycode = firstKeycode; keycode <= lastKeycode; keycode += 1) {
    if (state.isDown(keycode)) connection.setKey(keycode, false);
  }
  for (const button of Object.values(buttonNumbers)) connection.setButton(button, false);
};

/**
 * Controls an X11 screen, XWayland included, by the XTEST extension.
 *
 * Rejects with a `ProximError` whose code is an `InputBackendFault`: `no_screen` without a server, `no_permission` when
 * it refuses us, `unsupported_platform` without XTEST.
 *
 * @example
 * const input = await connectX11Input({ display: ':0', onLost: () => stop() });
 * input.move(10, -4);
 */
export const connectX11Input = async (options: X11InputOptions): Promise<InputBackend> => {
  const { display, log, onLost, onPanic, clock = realClock } = options;
  let isOver = false;
  /** Undefined while connecting: a server that goes then is why this rejects, and not lost. */
  let keyboard: Keyboard | undefined = undefined;
  let panicKey: PanicKey | undefined = undefined;

  const connection = await connectX11({
    display,
    log,
    onMapping: (first, count) => {
      keyboard?.changed(first, count);
      // Another keyboard may have its keys elsewhere.
      if (first === undefined) panicKey?.grab().catch(() => undefined);
    },
    onKeyPress: (keycode) => {
      if (panicKey?.is(keycode) === true) onPanic?.();
    },
    onLost: () => {
      isOver = true;
      if (keyboard !== undefined) onLost();
    },
  });
  const spares = new SpareKeycodes({ connection, clock, ...timing });
  const keys = await releaseLeftovers(connection)
    .then(() => readKeyboard(connection, spares))
    .catch((error: unknown) => {
      connection.end();
      throw new ProximError<InputBackendFault>('no_screen', `The X server ${display} went away.`, { cause: error });
    });
  keyboard = keys;
  const takePanicKey = async (): Promise<boolean> => {
    panicKey = new PanicKey(connection);
    const isTaken = await panicKey.grab().catch(() => false);
    if (!isTaken) log?.info(`another program has the keys ${panicKeyName}: they do not end control here`);
    return isTaken;
  };
  const hasPanicKey = onPanic !== undefined && (await takePanicKey());

  const heldKeys = new HeldKeys();
  const heldButtons = new Set<PointerButton>();
  const queue = createOrderedQueue((error) => {
    if (!isOver) log?.warn(`an input could not be carried out: ${String(error)}`);
  });
  /** How much text waits behind what is carried out now. */
  let queuedText = 0;
  const run = (step: QueueStep) => {
    if (!isOver) queue.run(step);
  };

  /** For what presses or moves. A release is never left out. */
  const runUnlessBehind = (step: QueueStep) => {
    if (queue.waiting < mostWaiting) run(step);
  };

  const click = (button: number, times: number) => {
    for (let count = 0; count < times; count++) {
      connection.setButton(button, true);
      connection.setButton(button, false);
    }
  };
  const setButton = (button: PointerButton, pressed: boolean) => {
    if (heldButtons.has(button) === pressed) return;
    if (pressed) heldButtons.add(button);
    else heldButtons.delete(button);
    connection.setButton(buttonNumbers[button], pressed);
  };
  const isHeld = (keycode: number) => heldKeys.isDown(keycode);
  const shiftIsHeld = () => heldKeys.keycodes.some((keycode) => keys.keymap.isShift(keycode));
  const pressSlowly = async (stroke: KeyStroke, signal: AbortSignal) => {
    const press = await findShortcutSlowly(stroke, keys, spares, isHeld);
    if (press === undefined || signal.aborted) return;
    if (!isHeld(press.keycode)) keys.press(press, false);
    heldKeys.add(stroke, press.keycode);
  };
  const pressKey = (stroke: KeyStroke, signal: AbortSignal): void | Promise<void> => {
    if (heldKeys.has(stroke)) return undefined;
    const press = keys.isCertain ? findShortcut(stroke, keys.keymap, 0, shiftIsHeld()) : undefined;
    if (press === undefined) return pressSlowly(stroke, signal);
    if (!isHeld(press.keycode)) keys.press(press, false);
    heldKeys.add(stroke, press.keycode);
    return undefined;
  };
  const releaseKey = (stroke: KeyStroke) => {
    const keycode = heldKeys.remove(stroke);
    if (keycode !== undefined) connection.setKey(keycode, false);
  };
  /** Ahead of the queue: an aborted step presses nothing more, and none keeps a key pressed while it waits. */
  const releaseAll = () => {
    if (isOver) return;
    queue.drop();
    queuedText = 0;
    for (const keycode of heldKeys.clear()) connection.setKey(keycode, false);
    for (const button of [...heldButtons]) setButton(button, false);
  };

  return {
    name: 'x11',
    panicKey: hasPanicKey ? panicKeyName : null,
    move: (dx, dy) => {
      runUnlessBehind(() => {
        connection.movePointer(whole(dx, 0x7fff), whole(dy, 0x7fff));
      });
    },
    button: (button, pressed) => {
      const join = pressed ? runUnlessBehind : run;
      join(() => {
        setButton(button, pressed);
      });
    },
    scroll: (notchesX, notchesY) => {
      const x = whole(notchesX, mostNotches);
      const y = whole(notchesY, mostNotches);
      runUnlessBehind(() => {
        click(x < 0 ? wheel.left : wheel.right, Math.abs(x));
        click(y < 0 ? wheel.up : wheel.down, Math.abs(y));
      });
    },
    text: (text) => {
      if (isOver) return;
      if (queuedText + text.length > mostQueuedText) {
        log?.warn('a text was left out, because too much is still to be typed');
        return;
      }
      queuedText += text.length;
      run((signal) => {
        queuedText -= text.length;
        return typeText(text, { connection, keyboard: keys, spares, log, signal });
      });
    },
    key: (stroke, pressed) => {
      const join = pressed ? runUnlessBehind : run;
      join((signal) => {
        if (pressed) return pressKey(stroke, signal);
        releaseKey(stroke);
        return undefined;
      });
    },
    releaseAll,
    settled: async () => {
      await queue.idle();
      if (isOver) return;
      // Rejects only when the screen is lost, which `onLost` says.
      await connection.sync().catch(() => undefined);
    },
    close: async () => {
      releaseAll();
      run(() => spares.restore());
      isOver = true;
      await queue.idle();
      await connection.sync().catch(() => undefined);
      connection.end();
    },
  };
};
