import { Icon } from '@proxim/ui';
import { Bell, ChevronDown } from 'lucide';
import { useState } from 'preact/hooks';

import { canAskToNotify } from '../attention.js';
import { describeNotice, lastNews } from '../notice-text.js';
import { texts } from '../texts/en.js';
import { formatLogTime } from '../time-text.js';
import type { WindowStore } from '../window-store.js';

const NotifyButton = () => {
  const [isOffered, setIsOffered] = useState(canAskToNotify);
  if (!isOffered) return null;
  const ask = async (): Promise<void> => {
    await Notification.requestPermission();
    setIsOffered(canAskToNotify());
  };
  return (
    <button class="button button-quiet notify" type="button" onClick={() => void ask()}>
      <Icon of={Bell} size={20} />
      {texts.log.notify}
    </button>
  );
};

/** What happened in this run, newest first, under a line that says the last of it. */
export const Happened = ({ store }: { readonly store: WindowStore }) => {
  const notices = store.state.value?.notices ?? [];
  const newestFirst = notices.map((notice, index) => ({ notice, index })).reverse();
  const isEmpty = notices.length === 0;
  return (
    <details
      class="fold"
      open={store.isLogOpen.value}
      onToggle={(event) => {
        const { currentTarget } = event;
        const isNew = store.isLogOpen.value !== currentTarget.open;
        store.isLogOpen.value = currentTarget.open;
        if (currentTarget.open && isNew) currentTarget.scrollIntoView({ block: 'nearest' });
      }}
    >
      <summary>
        <span class="fold-title">{texts.log.title}</span>
        <span class="fold-last note">{isEmpty ? texts.log.empty : describeNotice(notices, lastNews(notices))}</span>
        <Icon of={ChevronDown} size={20} />
      </summary>
      {isEmpty ? (
        <p class="note">{texts.log.empty}</p>
      ) : (
        <ol class="happened-list" reversed tabIndex={0} aria-label={texts.log.title}>
          {newestFirst.map(({ notice, index }) => (
            <li key={index}>
              <time class="tabular" dateTime={new Date(notice.at).toISOString()}>
                {formatLogTime(notice.at)}
              </time>
              <span>{describeNotice(notices, index)}</span>
            </li>
          ))}
        </ol>
      )}
      <NotifyButton />
    </details>
  );
};
