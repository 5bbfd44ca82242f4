import { performance } from 'node:perf_hooks';

/** Within so short a time the engine does not take a thousand messages. */
const shortMs = 1;

/**
 * Calls back in a turn of the event loop in which everything that the engine had to tell has been heard; `onNoise` in
 * each one that was too long for that.
 *
 * libdatachannel takes a thousand messages for a channel that nobody has heard of yet, and then halts its thread until
 * somebody listens there. A connection that is closed in that moment waits for the thread, and the thread for the
 * listener, for ever. So the channels that have come are heard of first, and the close follows before more have.
 */
export const inQuietTurn = (callback: () => void, onNoise: () => void): void => {
  const begun = performance.now();
  setImmediate(() => {
    if (performance.now() - begun <= shortMs) callback();
    else {
      onNoise();
      inQuietTurn(callback, onNoise);
    }
  });
};
