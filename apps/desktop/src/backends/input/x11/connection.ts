import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ProximError } from '@proxim/protocol';
import x11, {
  type XClient,
  type XDisplay,
  type XError,
  type XEvent,
  type XKeyboard,
  type XReply,
  type XTest,
} from 'x11';
import type { InputBackendFault } from '../input-backend.js';

/** Where the backend says what a person may want to know; a pino logger is one. */
export interface X11Log {
  info(message: string): void;
  warn(message: string): void;
}

/** What is pressed and locked on the screen at this moment, by anybody. */
export interface KeyboardState {
  /** The eight modifiers as the core protocol's mask: Shift 1, Lock 2, Control 4, Mod1 to Mod5 8 to 128. */
  readonly modifiers: number;
  /** The layout in use, of up to four: 0 is the first. */
  readonly group: number;
  isDown(keycode: number): boolean;
}

/** What the server has under the keycodes: `rows[keycode - firstKeycode]` are keysyms, `modifiers[0..7]` keycodes. */
export interface KeyboardTables {
  readonly firstKeycode: number;
  readonly rows: readonly (readonly number[])[];
  readonly modifiers: readonly (readonly number[])[];
}

/** One connection to an X server. Requests take effect in order; once it is lost or ended they do nothing. */
export interface X11Connection {
  /** Moves the pointer by pixels, each between -32768 and 32767. */
  movePointer(dx: number, dy: number): void;
  setButton(button: number, pressed: boolean): void;
  setKey(keycode: number, pressed: boolean): void;
  /** Puts two keysyms each under keycodes from `first` on, for every program on the screen. */
  remap(first: number, keysyms: readonly number[]): void;
  /** Locks or unlocks capitals, where the server can without a key (XKB). */
  setCapsLock(locked: boolean): void;
  /** Takes a key with these modifiers for this program alone, wherever the focus is; rejects when another has it. */
  grabKey(keycode: number, modifiers: number): Promise<void>;
  /** Gives a key back with whatever modifiers it was taken. */
  ungrabKey(keycode: number): void;
  readTables(): Promise<KeyboardTables>;
  readState(): Promise<KeyboardState>;
  /** Waits until the server has carried out every request so far. */
  sync(): Promise<void>;
  /** Leaves the server. The connection is not reported as lost. */
  end(): void;
}

export interface X11ConnectionOptions {
  readonly display: string;
  readonly log?: X11Log | undefined;
  /** The server has other keysyms under `count` keycodes from `first`, or another keyboard (`first` undefined). */
  readonly onMapping: (first: number | undefined, count: number) => void;
  /** A key that was taken by `grabKey` was pressed. */
  readonly onKeyPress: (keycode: number) => void;
  /** The server has gone; called once at most. */
  readonly onLost: () => void;
}

/** The core protocol's mask of Caps Lock among the modifiers. */
export const lockMask = 2;

/** X protocol, UngrabKey: with whatever modifiers. */
const anyModifier = 0x8000;

/** XKB protocol, section 16.1: the only one of its events that is selected here. */
const newKeyboardNotify = 1;

const fault = (code: InputBackendFault, message: string, cause?: unknown) =>
  new ProximError<InputBackendFault>(code, message, { cause });

/** The package reads the file by itself, and throws where nobody can catch it when it may not. */
const checkAuthorityFile = async () => {
  const file = process.env['XAUTHORITY'] ?? join(homedir(), '.Xauthority');
  try {
    await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return;
    throw fault('no_permission', `Proxim may not read ${file}. Start it as the user who owns the screen.`, error);
  }
};

/** Beyond this there is no TCP port for a display, which the package tries, and throws where nobody can catch it. */
const mostDisplayNumber = 65_535 - 6000;
const isDisplayName = (display: string) => Number(/:(\d+)(?:\.\d+)?$/.exec(display)?.[1]) <= mostDisplayNumber;

const faultOfConnecting = (display: string, error: unknown) =>
  error instanceof Error && error.message.startsWith('X server connection failed')
    ? fault('no_permission', `The X server ${display} refused Proxim. Start it as the user who owns the screen.`, error)
    : fault('no_screen', `There is no X server at ${display}. Start Proxim inside the graphical session.`, error);

export interface OpenedX11 {
  readonly client: XClient;
  readonly display: XDisplay;
  readonly root: number;
}

/** Opens the connection; from then on `ended` is called, possibly often, when it ends for whatever reason. */
const open = (display: string, log: X11Log | undefined, ended: () => void): Promise<OpenedX11> =>
  new Promise((resolve, reject) => {
    let client: XClient | undefined;
    const refuse = (error: unknown) => {
      client?.stream?.destroy();
      reject(faultOfConnecting(display, error));
    };
    const connected = (error: XError | null | undefined, opened: XDisplay) => {
      const root = error ? undefined : opened.screen[0]?.root;
      if (root === undefined) refuse(error);
      else resolve({ client: opened.client, display: opened, root });
    };
    try {
      client = x11.createClient({ display, shm: false, disableBigRequests: true, bufferRequests: true }, connected);
    } catch (error) {
      refuse(error);
      return;
    }
    client.on('error', (error: XError) => {
      if (error.error !== undefined) {
        log?.warn(`the X server refused a request: ${error.message}`);
        return;
      }
      refuse(error);
      ended();
    });
    client.on('end', ended);
  });

/**
 * Opens a connection as {@link connectX11} does, for whoever wants other things of the server.
 *
 * @param ended called, possibly often, when an open connection ends
 */
export const openX11 = async (display: string, log: X11Log | undefined, ended: () => void): Promise<OpenedX11> => {
  if (!isDisplayName(display)) throw faultOfConnecting(display, new Error('no name of a display'));
  await checkAuthorityFile();
  return open(display, log, ended);
};

/**
 * Connects to an X server, XWayland included.
 *
 * Rejects with a `ProximError` whose code is an `InputBackendFault`.
 */
export const connectX11 = async (options: X11ConnectionOptions): Promise<X11Connection> => {
  const { display: name, log, onMapping, onKeyPress, onLost } = options;
  let phase: 'connecting' | 'open' | 'over' = 'connecting';
  const waiting = new Set<(error: Error) => void>();
  const finish = () => {
    phase = 'over';
    for (const reject of waiting) reject(new Error('the X server has gone'));
    waiting.clear();
  };
  const ended = () => {
    const lost = phase === 'open';
    finish();
    if (lost) onLost();
  };

  const { client, display, root } = await openX11(name, log, ended);
  client.stream?.on('close', ended);

  /** Makes a promise of a request with a reply, which also ends with the connection. */
  const ask = <T>(send: (reply: XReply<T>) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      if (phase === 'over') {
        reject(new Error('the X server has gone'));
        return;
      }
      waiting.add(reject);
      send((error, value) => {
        waiting.delete(reject);
        if (error) reject(error);
        else resolve(value);
        return true;
      });
    });
  const isOpen = () => phase === 'open';
  const isOver = () => phase === 'over';

  const xtest = await ask<XTest>((reply) => {
    client.require('xtest', reply);
  }).catch((error: unknown) => {
    const hasGone = isOver();
    finish();
    client.stream?.destroy();
    const message = `The X server ${name} lacks the extension XTEST. Start it with XTEST enabled.`;
    throw hasGone ? faultOfConnecting(name, error) : fault('unsupported_platform', message, error);
  });
  const xkb = await ask<XKeyboard>((reply) => {
    client.require('xkb', reply);
  }).catch(() => undefined);
  if (isOver()) throw faultOfConnecting(name, new Error('the X server has gone'));
  phase = 'open';

  // Once XKB is in use, another layout is no MappingNotify any more.
  if (xkb !== undefined) xkb.SelectEvents(xkb.UseCoreKbd, newKeyboardNotify, 0, newKeyboardNotify, 0, 0);
  client.on('event', (event: XEvent) => {
    if (event.name === 'KeyPress' && event.keycode !== undefined) onKeyPress(event.keycode);
    if (event.name === 'XkbEvent') onMapping(undefined, 0);
    if (event.name !== 'MappingNotify' || event.request === 2) return;
    onMapping(event.request === 1 ? event.firstKeyCode : undefined, event.count ?? 0);
  });

  return {
    movePointer: (dx, dy) => {
      if (isOpen()) xtest.FakeInput(xtest.MotionNotify, 1, 0, 0, dx, dy);
    },
    setButton: (button, pressed) => {
      if (isOpen()) xtest.FakeInput(pressed ? xtest.ButtonPress : xtest.ButtonRelease, button, 0, 0, 0, 0);
    },
    setKey: (keycode, pressed) => {
      if (isOpen()) xtest.FakeInput(pressed ? xtest.KeyPress : xtest.KeyRelease, keycode, 0, 0, 0, 0);
    },
    remap: (first, keysyms) => {
      if (isOpen()) client.ChangeKeyboardMapping(first, 2, keysyms);
    },
    setCapsLock: (locked) => {
      if (isOpen()) xkb?.LatchLockState(xkb.UseCoreKbd, lockMask, locked ? lockMask : 0, false, 0, 0, 0, false, 0);
    },
    grabKey: async (keycode, modifiers) => {
      await ask<unknown>((reply) => {
        client.GrabKey(root, 0, modifiers, keycode, 1, 1, reply);
      });
    },
    ungrabKey: (keycode) => {
      if (isOpen()) client.UngrabKey(root, keycode, anyModifier);
    },
    readTables: async () => {
      const firstKeycode = display.min_keycode;
      const count = display.max_keycode - firstKeycode + 1;
      const [rows, modifiers] = await Promise.all([
        ask<number[][]>((reply) => {
          client.GetKeyboardMapping(firstKeycode, count, reply);
        }),
        ask<number[][]>((reply) => {
          client.GetModifierMapping(reply);
        }),
      ]);
      return { firstKeycode, rows, modifiers };
    },
    readState: async () => {
      const [pointer, down] = await Promise.all([
        ask<{ readonly keyMask: number }>((reply) => {
          client.QueryPointer(root, reply);
        }),
        ask<Uint8Array>((reply) => {
          client.QueryKeymap(reply);
        }),
      ]);
      return {
        modifiers: pointer.keyMask & 0xff,
        // XKB protocol, section 2.2.2: the group travels in bits 13 and 14 of the core state.
        group: (pointer.keyMask >> 13) & 3,
        isDown: (keycode) => ((down[keycode >> 3] ?? 0) & (1 << (keycode & 7))) !== 0,
      };
    },
    sync: async () => {
      await ask<unknown>((reply) => {
        client.GetInputFocus(reply);
      });
    },
    end: () => {
      if (!isOpen()) return;
      finish();
      client.terminate();
      client.stream?.destroySoon();
    },
  };
};
