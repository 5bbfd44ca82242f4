import type { MobileSearch } from '@proxim/peer';
import type { Clock } from '@proxim/protocol';
import { useEffect, useState } from 'preact/hooks';

import { usePage } from '../page-context.js';
import { texts } from '../texts/en.js';

/** Whole seconds since the first rendering. */
const useSecondsSince = (clock: Clock): number => {
  const [since] = useState(() => clock.now());
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    // By the clock, and not by counting: in the background timers come late.
    const timer = clock.setTimer(1000 - ((clock.now() - since) % 1000) + 2, () => {
      setSeconds(Math.floor((clock.now() - since) / 1000));
    });
    return () => timer.cancel();
  }, [clock, since, seconds]);
  return seconds;
};

/** Most losses are over before anybody has read how long they take. */
const saidFromSeconds = 10;

/** Over the pad, while the phone looks for the way back: what it is doing, and for how long. */
export const ComingBack = ({ computer, why }: { readonly computer: string; readonly why: MobileSearch }) => {
  const { session, clock, farewell } = usePage();
  const { going } = farewell;
  const seconds = useSecondsSince(clock);
  return (
    <div class="coming-back" role="alertdialog" aria-label={texts.reconnecting.title} aria-describedby="coming-back">
      <div class="coming-back-card">
        <h2 class="title">{texts.reconnecting.title}</h2>
        <p class="lead" id="coming-back" role="status">
          {going ? texts.reconnecting.gone(going, computer) : texts.reconnecting.text(why, computer)}
        </p>
        <p class="coming-back-time quiet tabular" role="timer">
          {seconds >= saidFromSeconds ? texts.reconnecting.trying(seconds) : null}
        </p>
        <button class="button button-wide" type="button" onClick={() => session.leave()}>
          {texts.reconnecting.disconnect}
        </button>
      </div>
    </div>
  );
};
