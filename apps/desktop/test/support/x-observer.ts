import { once } from 'node:events';
import x11, { type XClient, type XEvent } from 'x11';

/** A second X client: what another program on the screen sees. */
export interface XObserver {
  /** The next event of this kind that nobody has taken yet; waits for it. */
  next(name: string): Promise<XEvent>;
  /** The events of these kinds that have arrived and nobody has taken, in order; takes them. */
  take(...names: readonly string[]): readonly XEvent[];
  pointer(): Promise<{ readonly x: number; readonly y: number; readonly modifiers: number }>;
  /** The keycodes that are down. */
  keysDown(): Promise<readonly number[]>;
  /** The keysyms under a keycode. */
  keysyms(keycode: number): Promise<readonly number[]>;
  /** Takes the keyboard and the whole screen, past the window manager, so as to see every event. */
  cover(): Promise<void>;
  close(): Promise<void>;
}

const ask = <T>(send: (reply: (error: Error | null | undefined, value: T) => boolean) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    send((error, value) => {
      if (error) reject(error);
      else resolve(value);
      return true;
    });
  });

const connect = (display: string): Promise<{ client: XClient; root: number; width: number; height: number }> =>
  new Promise((resolve, reject) => {
    const client = x11.createClient(
      { display, shm: false, disableBigRequests: true, bufferRequests: true },
      (error, opened) => {
        const screen = error ? undefined : opened.screen[0];
        if (screen === undefined) reject(error ?? new Error('no screen'));
        else resolve({ client, root: screen.root, width: screen.pixel_width, height: screen.pixel_height });
      },
    );
    // A server that a test kills takes this client with it.
    client.on('error', reject);
  });

const mask = (...names: readonly string[]) => names.reduce((sum, name) => sum | (x11.eventMask[name] ?? 0), 0);

/** Connects an observer to a screen. */
export const observeScreen = async (display: string): Promise<XObserver> => {
  const { client, root, width, height } = await connect(display);
  const seen: XEvent[] = [];
  const arrived = new Set<() => void>();
  client.on('event', (event: XEvent) => {
    seen.push(event);
    for (const look of arrived) look();
  });
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        arrived.delete(look);
        resolve(found);
      };
      arrived.add(look);
      look();
    });
  const takeFirst = (name: string): XEvent | undefined => {
    const index = seen.findIndex((event) => event.name === name);
    return index < 0 ? undefined : seen.splice(index, 1)[0];
  };

  return {
    next: (name) => until(() => takeFirst(name)),
    take: (...names) => {
      const taken = seen.filter((event) => names.includes(event.name));
      for (const event of taken) seen.splice(seen.indexOf(event), 1);
      return taken;
    },
    pointer: async () => {
      const { rootX, rootY, keyMask } = await ask<{ rootX: number; rootY: number; keyMask: number }>((reply) => {
        client.QueryPointer(root, reply);
      });
      return { x: rootX, y: rootY, modifiers: keyMask & 0xff };
    },
    keysDown: async () => {
      const down = await ask<Uint8Array>((reply) => {
        client.QueryKeymap(reply);
      });
      return [...down].flatMap((byte, index) =>
        [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte & (1 << bit)) !== 0).map((bit) => 8 * index + bit),
      );
    },
    keysyms: async (keycode) => {
      const rows = await ask<number[][]>((reply) => {
        client.GetKeyboardMapping(keycode, 1, reply);
      });
      return rows[0] ?? [];
    },
    cover: async () => {
      const window = client.AllocID();
      client.CreateWindow(window, root, 0, 0, width, height, 0, 0, 0, 0, {
        overrideRedirect: 1,
        eventMask: mask(
          'KeyPress',
          'KeyRelease',
          'ButtonPress',
          'ButtonRelease',
          'PointerMotion',
          'Exposure',
          'FocusChange',
        ),
      });
      client.MapWindow(window);
      await until(() => takeFirst('Expose'));
      client.SetInputFocus(window, 1);
      await until(() => takeFirst('FocusIn'));
    },
    close: async () => {
      if (client.stream === undefined || client.stream.destroyed) return;
      const closed = once(client.stream, 'close');
      client.stream.destroy();
      await closed;
    },
  };
};
