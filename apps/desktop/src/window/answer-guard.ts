import { useEffect, useRef, useState } from 'preact/hooks';

import { guardMs, mayAnswer } from './click-guard.js';
import type { WindowClock } from './window-store.js';

/** When the question became visible, on the events' clock: at its start, and whenever the window comes to the front. */
export const useAnswerGuard = (clock: WindowClock) => {
  const shownAt = useRef(clock.eventNow());
  const [isReady, setIsReady] = useState(false);

  useEffect(() => {
    let cancel = (): void => undefined;
    const restart = (): void => {
      shownAt.current = clock.eventNow();
      setIsReady(false);
      cancel();
      cancel = clock.after(guardMs, () => setIsReady(true));
    };
    restart();
    window.addEventListener('focus', restart);
    document.addEventListener('visibilitychange', restart);
    return () => {
      cancel();
      window.removeEventListener('focus', restart);
      document.removeEventListener('visibilitychange', restart);
    };
  }, [clock]);

  return { isReady, accepts: (event: Event) => mayAnswer(shownAt.current, event.timeStamp) };
};
