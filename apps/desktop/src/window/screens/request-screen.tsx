import { CountdownRing, Icon, type IconNode, useSecondsLeft } from '@proxim/ui';
import { Clock, Repeat, ShieldCheck, TriangleAlert, Unplug } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { WindowPrompt, WindowSession, WindowSessionType } from '../../host/window-protocol.js';
import { useAnswerGuard } from '../answer-guard.js';
import { codeLife } from '../code-life.js';
import { Banner } from '../parts/banner.js';
import { DeviceName } from '../parts/device-name.js';
import { RightsList } from '../parts/rights-list.js';
import { shownRights } from '../../host/shown-rights.js';
import { texts } from '../texts/en.js';
import type { WindowClock, WindowStore } from '../window-store.js';

const staysIcons: Readonly<Record<WindowSessionType, IconNode>> = {
  one_time: Unplug,
  temporary: Clock,
  persistent: Repeat,
};

/** For how long an approval is good: what the phone may do later without another question. */
const Stays = ({ session, clock }: { readonly session: WindowSession; readonly clock: WindowClock }) => {
  const { sessionType, expiresAt } = session;
  const life = codeLife(useSecondsLeft(sessionType === 'temporary' ? expiresAt : null, clock.now));
  return (
    <li class="stays" id="request-stays">
      <Icon of={staysIcons[sessionType]} size={20} />
      <span>
        {texts.request.stays[sessionType]}
        {life.kind === 'running' && <span class="tabular"> {life.clock}</span>}
      </span>
    </li>
  );
};

export interface RequestScreenProps {
  readonly store: WindowStore;
  readonly session: WindowSession;
  readonly prompt: WindowPrompt;
}

/** The question whether a phone may control this computer. Nothing answers it but a deliberate click or key. */
export const RequestScreen = ({ store, session, prompt }: RequestScreenProps) => {
  const { clock } = store;
  const dialog = useRef<HTMLDivElement>(null);
  const { isReady, accepts } = useAnswerGuard(clock);
  const [isAnswered, setIsAnswered] = useState(false);
  const abilities = store.state.value?.abilities ?? [];
  const [rights, setRights] = useState(session.rights);
  const isOver = useSecondsLeft(prompt.expiresAt, clock.now) === 0;
  const isFault = store.fault.value !== null;
  const isOpen = store.status.value === 'open' && (!isAnswered || isFault) && !isOver;
  const { sessionID } = session;
  const { promptID, verified } = prompt;

  const answer = (event: Event, how: 'approve' | 'reject' | 'block'): void => {
    if (!isOpen || !accepts(event)) return;
    setIsAnswered(true);
    if (how !== 'approve') store.send({ command: how, sessionID, promptID });
    else {
      const approval = { command: 'approve', sessionID, promptID, rights: shownRights(abilities, rights) } as const;
      store.send(verified ? approval : { ...approval, unverified: true });
    }
  };

  useEffect(() => {
    // The dialog and neither button: Enter or Space, pressed for something else, must not answer.
    dialog.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.repeat && !event.isComposing) answer(event, 'reject');
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  });

  return (
    <div
      class="request"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="request-title"
      aria-describedby="request-proof request-stays request-full"
      tabIndex={-1}
      ref={dialog}
    >
      <Banner store={store} withAction={false} />
      <div class="request-head">
        <CountdownRing
          until={prompt.expiresAt}
          totalSeconds={prompt.totalSeconds}
          now={clock.now}
          label={texts.request.secondsLeft}
          size={96}
        />
        <h1 class="title" id="request-title">
          <DeviceName name={prompt.deviceInfo.name} />
          {texts.request.asks}
        </h1>
        <p class="note request-id">
          {texts.request.id} <bdi>{prompt.deviceInfo.id}</bdi>
        </p>
      </div>
      <p class={verified ? 'proof' : 'proof proof-missing'} id="request-proof">
        <Icon of={verified ? ShieldCheck : TriangleAlert} size={20} />
        <span>{verified ? texts.request.verified : texts.request.unverified}</span>
      </p>
      <section class="abilities" aria-labelledby="request-allowed">
        <h2 class="label" id="request-allowed">
          {texts.request.allowed}
        </h2>
        <RightsList abilities={abilities} rights={rights} onChange={setRights} isDisabled={!isOpen}>
          <Stays session={session} clock={clock} />
        </RightsList>
      </section>
      <div class="answer">
        <p class="quiet" id="request-full">
          {abilities.every((ability) => rights[ability]) ? texts.request.fullControl : texts.request.lessControl}
        </p>
        <div class="answer-buttons">
          <button
            class="button"
            type="button"
            aria-disabled={!isReady || !isOpen}
            onClick={(event) => answer(event, 'reject')}
          >
            {texts.request.reject}
          </button>
          <button
            class={verified ? 'button button-primary' : 'button button-warning'}
            type="button"
            aria-disabled={!isReady || !isOpen}
            onClick={(event) => answer(event, 'approve')}
          >
            {verified ? texts.request.approve : texts.request.approveAnyway}
          </button>
        </div>
        <div class="answer-notes">
          <p class="note">{texts.request.keys}</p>
          <button
            class="button button-quiet block-button"
            type="button"
            aria-disabled={!isReady || !isOpen}
            onClick={(event) => answer(event, 'block')}
          >
            {texts.request.block}
          </button>
        </div>
      </div>
    </div>
  );
};
