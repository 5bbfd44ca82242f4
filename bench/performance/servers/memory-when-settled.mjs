// Loaded before a server's own program, with --expose-gc: answers `settle` with what its process holds once all garbage
// is gone.
import { setTimeout as after } from 'node:timers/promises';

process.on('message', async (message) => {
  if (message !== 'settle') return;
  // Native objects go with their finalizers, a turn or two after the collection.
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc();
    await after(100, undefined, { ref: false });
  }
  process.send({ settled: process.memoryUsage.rss() });
});
// It is no reason to live on.
process.channel?.unref();
