/** Keeps the screen on while it is wanted. */
export interface KeepAwake {
  /** Fetches what is needed where the browser has no Wake Lock (plain http), so that a tap can start it at once. */
  prepare(): void;
  /** To be called inside a tap: without Wake Lock, playing needs one. */
  start(): void;
  /** Tries once more after it was refused or taken away: inside a tap, or when the page is in front again. */
  renew(): void;
  stop(): void;
}

interface SilentVideo {
  readonly isEnabled: boolean;
  enable(): Promise<unknown>;
  disable(): void;
}

const loadSilentVideo = async (): Promise<SilentVideo> => {
  const { createSilentVideo } = await import('./silent-video.js');
  return createSilentVideo();
};

/** By the Wake Lock API where there is one, else by a silent video that plays in a loop. */
export const createKeepAwake = (): KeepAwake => {
  const hasWakeLock = 'wakeLock' in navigator;
  let isWanted = false;
  let lock: WakeLockSentinel | undefined;
  let loading: Promise<SilentVideo> | undefined;
  let video: SilentVideo | undefined;

  const lockScreen = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || (lock && !lock.released)) return;
    const next = await navigator.wakeLock.request('screen');
    if (isWanted) lock = next;
    else await next.release();
  };
  const load = async (): Promise<void> => {
    loading ??= loadSilentVideo();
    video = await loading;
  };
  const play = async (): Promise<void> => {
    if (!video) await load();
    if (isWanted && video && !video.isEnabled) await video.enable();
  };
  // The battery saver may refuse, and a video needs a tap: it is tried again at the next one.
  const attempt = (action: () => Promise<void>): void => {
    action().catch(() => undefined);
  };
  const renew = (): void => {
    if (isWanted) attempt(hasWakeLock ? lockScreen : play);
  };

  return {
    prepare: () => {
      if (!hasWakeLock) attempt(load);
    },
    start: () => {
      isWanted = true;
      renew();
    },
    renew,
    stop: () => {
      isWanted = false;
      attempt(async () => lock?.release());
      lock = undefined;
      if (video?.isEnabled) video.disable();
    },
  };
};
