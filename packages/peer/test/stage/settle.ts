import type { ManualClock } from '@proxim/protocol/testing';

/** Lets everything happen that waits for nothing but its turn: the stage's sockets and engine speak in microtasks. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
};

/** Moves time on in small steps, and lets everything happen in between. */
export const pass = async (clock: ManualClock, ms: number, stepMs = 500): Promise<void> => {
  await settle();
  for (let left = ms; left > 0; left -= stepMs) {
    clock.advance(Math.min(stepMs, left));
    await settle();
  }
};
