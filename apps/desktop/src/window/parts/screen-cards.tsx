import { Icon } from '@proxim/ui';
import { MonitorUp, ScreenShare } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';

import { useAnswerGuard } from '../answer-guard.js';
import type { ScreenShares } from '../screen-shares.js';
import { firstAsked, type ScreenWish, wishesOf } from '../screen-wishes.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';
import { DeviceName } from './device-name.js';

export interface ScreenCardProps {
  readonly store: WindowStore;
  readonly shares: ScreenShares;
}

const AskCard = ({ store, shares, wish }: ScreenCardProps & { readonly wish: ScreenWish }) => {
  const { phone, screen } = wish;
  const card = useRef<HTMLElement>(null);
  const { isReady, accepts } = useAnswerGuard(store.clock);
  const isChoosing = shares.steps.value.get(screen.share) === 'choosing';

  useEffect(() => {
    // The card and no button: what is being typed for something else must not answer.
    card.current?.focus({ preventScroll: true });
  }, []);

  return (
    <section class="screen-ask" role="alertdialog" aria-labelledby="screen-ask" tabIndex={-1} ref={card}>
      <header class="screen-ask-head">
        <Icon of={MonitorUp} />
        <h2 class="title" id="screen-ask">
          <DeviceName name={phone.name} /> {texts.screen.asks}
        </h2>
      </header>
      <p class="quiet">{isChoosing ? texts.screen.choosing : texts.screen.asksLead}</p>
      <div class="answer-buttons">
        <button
          class="button"
          type="button"
          aria-disabled={!isReady || isChoosing}
          onClick={(event) => {
            if (!isChoosing && accepts(event)) shares.stop(screen.share, 'declined');
          }}
        >
          {texts.screen.notNow}
        </button>
        <button
          class="button button-primary"
          type="button"
          aria-disabled={!isReady || isChoosing}
          onClick={(event) => {
            if (!isChoosing && accepts(event)) void shares.choose(screen);
          }}
        >
          {texts.screen.choose}
        </button>
      </div>
    </section>
  );
};

/** A phone wants to see the screen. Questions that have the whole window come first. */
export const ScreenAsk = ({ store, shares }: ScreenCardProps) => {
  const wish = firstAsked(store.phones.value);
  const { name } = store.screen.value;
  if (!wish || store.status.value !== 'open' || name === 'request' || name === 'system') return null;
  return <AskCard key={wish.screen.share} store={store} shares={shares} wish={wish} />;
};

/** Who sees the screen, for as long as anybody does and whatever else the window shows. */
export const ScreenSign = ({ store, shares }: ScreenCardProps) => {
  const seen = wishesOf(store.phones.value).filter(({ screen }) => screen.step === 'shared');
  const isShown = seen.length > 0 && store.status.value === 'open';
  return (
    <div class="screen-signs" role="status">
      {isShown &&
        seen.map(({ phone, screen }) => (
          <div class="screen-sign" key={screen.share}>
            <Icon of={ScreenShare} size={20} />
            <p>
              <bdi class="banner-name">{phone.name}</bdi> {texts.screen.sees}
            </p>
            <button class="button" type="button" onClick={() => shares.stop(screen.share, 'ended_on_computer')}>
              {texts.screen.stop}
            </button>
          </div>
        ))}
    </div>
  );
};
