import { CountdownRing, Icon, type IconNode, useSecondsLeft } from '@proxim/ui';
import { MousePointerBan, TriangleAlert } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { WindowSystemQuestion } from '../../host/window-protocol.js';
import { useAnswerGuard } from '../answer-guard.js';
import { Banner } from '../parts/banner.js';
import { DeviceName } from '../parts/device-name.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';

const Line = ({ icon, text }: { readonly icon: IconNode; readonly text: string }) => (
  <li>
    <Icon of={icon} size={20} />
    <span>{text}</span>
  </li>
);

export interface SystemQuestionScreenProps {
  readonly store: WindowStore;
  readonly question: WindowSystemQuestion;
  readonly deviceName: string;
}

/** The question whether a phone may restart this computer, or shut it down. No phone's pointer or key reaches it. */
export const SystemQuestionScreen = ({ store, question, deviceName }: SystemQuestionScreenProps) => {
  const { clock } = store;
  const { sessionID, promptID, action, expiresAt, totalSeconds } = question;
  const dialog = useRef<HTMLDivElement>(null);
  const { isReady, accepts } = useAnswerGuard(clock);
  const [isAnswered, setIsAnswered] = useState(false);
  const isOver = useSecondsLeft(expiresAt, clock.now) === 0;
  const isFault = store.fault.value !== null;
  const isOpen = store.status.value === 'open' && (!isAnswered || isFault) && !isOver;

  const answer = (event: Event, isAllowed: boolean): void => {
    if (!isOpen || !accepts(event)) return;
    setIsAnswered(true);
    store.send({ command: isAllowed ? 'allow' : 'deny', sessionID, promptID });
  };

  useEffect(() => {
    // The dialog and neither button: Enter or Space, pressed for something else, must not answer.
    dialog.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.repeat && !event.isComposing) answer(event, false);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  });

  return (
    <div
      class="request request-system"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="system-title"
      aria-describedby="system-facts"
      tabIndex={-1}
      ref={dialog}
    >
      <Banner store={store} withAction={false} />
      <div class="request-head">
        <CountdownRing
          until={expiresAt}
          totalSeconds={totalSeconds}
          now={clock.now}
          label={texts.system.secondsLeft}
          size={96}
        />
        <h1 class="title" id="system-title">
          <DeviceName name={deviceName} />
          {texts.system.asks[action]}
        </h1>
      </div>
      <div class="abilities">
        <ul id="system-facts">
          <Line icon={TriangleAlert} text={texts.system.unsaved} />
          <Line icon={MousePointerBan} text={texts.system.held} />
        </ul>
      </div>
      <div class="answer">
        <div class="answer-buttons">
          <button
            class="button"
            type="button"
            aria-disabled={!isReady || !isOpen}
            onClick={(event) => answer(event, false)}
          >
            {texts.system.deny}
          </button>
          <button
            class="button button-warning"
            type="button"
            aria-disabled={!isReady || !isOpen}
            onClick={(event) => answer(event, true)}
          >
            {texts.system.allow[action]}
          </button>
        </div>
        <p class="note">{texts.system.keys}</p>
      </div>
    </div>
  );
};
