import { once } from 'node:events';

import x11, { type XClient } from 'x11';

/** A screen that is one colour all over but for a square in a corner, past the window manager. */
export interface PaintedScreen {
  /** Paints it anew; colours are 0xRRGGBB. Resolves when the X server has done it. */
  paint(ground: number, square: number): Promise<void>;
  close(): Promise<void>;
}

/** Where the square stands, in pixels of the screen. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

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
    client.on('error', reject);
  });

/** Covers a screen with windows of plain colours: what is seen of it elsewhere can be told by its pixels. */
export const paintScreen = async (display: string, square: Square): Promise<PaintedScreen> => {
  const { client, root, width, height } = await connect(display);
  /** A question and its answer: whatever was asked before has been done. */
  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      client.QueryPointer(root, () => {
        resolve();
        return true;
      });
    });
  const cover = (x: number, y: number, size: { width: number; height: number }, backgroundPixel: number): void => {
    const window = client.AllocID();
    client.CreateWindow(window, root, x, y, size.width, size.height, 0, 0, 0, 0, {
      overrideRedirect: 1,
      backgroundPixel,
    });
    client.MapWindow(window);
  };
  return {
    paint: async (ground, colour) => {
      cover(0, 0, { width, height }, ground);
      cover(square.x, square.y, { width: square.size, height: square.size }, colour);
      await settled();
    },
    close: async () => {
      if (client.stream === undefined || client.stream.destroyed) return;
      const closed = once(client.stream, 'close');
      client.stream.destroy();
      await closed;
    },
  };
};
