import type { TabChannel } from './other-tabs.js';

/** Opens the channel between this page's tabs; undefined in a browser that has none, or forbids it. */
export const openTabChannel = (name: string): TabChannel | undefined => {
  if (typeof BroadcastChannel === 'undefined') return undefined;
  try {
    const channel = new BroadcastChannel(name);
    return {
      post: (message) => {
        channel.postMessage(message);
      },
      onMessage: (listener) => {
        channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
          listener(data);
        });
      },
    };
  } catch {
    return undefined;
  }
};
