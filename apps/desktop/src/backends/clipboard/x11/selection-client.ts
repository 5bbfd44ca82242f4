import x11, { type XClient, type XEvent, type XProperty, type XReply } from 'x11';

import { openX11 } from '../../input/x11/connection.js';

/** The names that a clipboard on X needs (ICCCM, section 2; freedesktop.org's clipboard specification). */
const atomNames = {
  clipboard: 'CLIPBOARD',
  targets: 'TARGETS',
  timestamp: 'TIMESTAMP',
  incremental: 'INCR',
  utf8: 'UTF8_STRING',
  utf8Mime: 'text/plain;charset=utf-8',
  plainMime: 'text/plain',
  text: 'TEXT',
  passwordHint: 'x-kde-passwordManagerHint',
  manager: 'CLIPBOARD_MANAGER',
  saveTargets: 'SAVE_TARGETS',
  property: 'PROXIM_CLIPBOARD',
} as const;

/** X protocol, appendix B: atoms with fixed numbers. */
export const fixedAtoms = { any: 0, atom: 4, integer: 19, string: 31 } as const;

/** Windows that wait for programs which did not answer in time; the server ends them with the connection. */
const maxAbandoned = 8;

export type SelectionAtoms = Readonly<Record<keyof typeof atomNames, number>>;

/** Events that somebody waits for, of one window. */
export interface WindowEvents {
  readonly window: number;
  /** The next event for which `where` holds; those that came before are passed over. Rejects after `withinMs`. */
  readonly next: (where: (event: XEvent) => boolean, withinMs: number) => Promise<XEvent>;
  /** Destroys the window: whoever still wants to write there learns that nobody reads, and nobody waits any more. */
  readonly destroy: () => void;
  /** Waits no longer. A program that answers late finds the window there all the same: some end when it is not. */
  readonly abandon: () => void;
}

/** A connection to an X server, as far as selections need it. */
export interface SelectionClient {
  readonly client: XClient;
  readonly atoms: SelectionAtoms;
  readonly ask: <T>(send: (reply: XReply<T>) => void) => Promise<T>;
  makeWindow(): WindowEvents;
  getProperty(window: number, property: number, maxBytes: number): Promise<XProperty>;
  /** Hears every event of the connection. */
  onEvent(listener: (event: XEvent) => void): void;
  end(): void;
}

/** Opens one. @throws ProximError as the input's connection does */
export const openSelectionClient = async (display: string, onLost: () => void): Promise<SelectionClient> => {
  let phase: 'opening' | 'open' | 'over' = 'opening';
  const waiting = new Set<(error: Error) => void>();
  const listeners = new Set<(event: XEvent) => void>();
  const gone = () => new Error('the X server has gone');
  const finish = () => {
    phase = 'over';
    for (const reject of [...waiting]) reject(gone());
    waiting.clear();
  };
  const ended = () => {
    const wasOpen = phase === 'open';
    finish();
    if (wasOpen) onLost();
  };
  // No log: a window that another program closes while its text is on the way is nothing to report.
  const { client, root } = await openX11(display, undefined, ended);
  // The numbers of another server's atoms, which the package would remember, are none here.
  client.atoms = {};
  client.stream?.on('close', ended);
  client.on('event', (event: XEvent) => {
    for (const listener of [...listeners]) listener(event);
  });

  const ask = <T>(send: (reply: XReply<T>) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      if (phase === 'over') {
        reject(gone());
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

  const abandoned: number[] = [];
  const makeWindow = (): WindowEvents => {
    const window = client.AllocID();
    // Never shown: it only takes part in what programs tell each other. 2 is InputOnly.
    client.CreateWindow(window, root, 0, 0, 1, 1, 0, 0, 2, 0, { eventMask: x11.eventMask['PropertyChange'] ?? 0 });
    const awaited = new Set<(error: Error) => void>();
    const next = (where: (event: XEvent) => boolean, withinMs: number): Promise<XEvent> =>
      new Promise((resolve, reject) => {
        const finished = () => {
          clearTimeout(timer);
          listeners.delete(look);
          waiting.delete(fail);
          awaited.delete(fail);
        };
        const fail = (error: Error) => {
          finished();
          reject(error);
        };
        const look = (event: XEvent) => {
          if (!where(event)) return;
          finished();
          resolve(event);
        };
        const timer = setTimeout(() => {
          fail(new Error('the program that has the clipboard does not answer'));
        }, withinMs);
        if (phase === 'over') {
          fail(gone());
          return;
        }
        listeners.add(look);
        waiting.add(fail);
        awaited.add(fail);
      });
    const stopWaiting = () => {
      for (const fail of [...awaited]) fail(new Error('nobody waits for it any more'));
    };
    return {
      window,
      next,
      destroy: () => {
        stopWaiting();
        if (phase === 'open') client.DestroyWindow(window);
      },
      abandon: () => {
        stopWaiting();
        abandoned.push(window);
        const oldest = abandoned.length > maxAbandoned ? abandoned.shift() : undefined;
        if (oldest !== undefined && phase === 'open') client.DestroyWindow(oldest);
      },
    };
  };

  const names = Object.entries(atomNames);
  const numbers = await Promise.all(
    names.map(([, name]) =>
      ask<number>((reply) => {
        client.InternAtom(false, name, reply);
      }),
    ),
  );
  const atom = (key: keyof typeof atomNames): number => numbers[names.findIndex(([name]) => name === key)] ?? 0;
  const atoms: SelectionAtoms = {
    clipboard: atom('clipboard'),
    targets: atom('targets'),
    timestamp: atom('timestamp'),
    incremental: atom('incremental'),
    utf8: atom('utf8'),
    utf8Mime: atom('utf8Mime'),
    plainMime: atom('plainMime'),
    text: atom('text'),
    passwordHint: atom('passwordHint'),
    manager: atom('manager'),
    saveTargets: atom('saveTargets'),
    property: atom('property'),
  };
  phase = 'open';

  return {
    client,
    atoms,
    ask,
    makeWindow,
    getProperty: (window, property, maxBytes) =>
      ask<XProperty>((reply) => {
        client.GetProperty(1, window, property, fixedAtoms.any, 0, Math.ceil(maxBytes / 4), reply);
      }),
    onEvent: (listener) => {
      listeners.add(listener);
    },
    end: () => {
      if (phase !== 'open') return;
      finish();
      client.terminate();
      client.stream?.destroySoon();
    },
  };
};
