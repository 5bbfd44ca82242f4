import { Icon } from '@proxim/ui';
import { Bell, ChevronDown } from 'lucide';
import { useState } from 'preact/hooks';

import type { WindowNotice } from '../../host/window-protocol.js';
import { canAskToNotify } from '../attention.js';
import { lookUpReason } from '../reasons.js';
import { texts } from '../texts/en.js';
import { formatLogTime } from '../time-text.js';
import type { WindowStore } from '../window-store.js';

const describe = (notice: WindowNotice): string => {
  const line = texts.log.lines[notice.kind](notice.deviceName);
  const reason = lookUpReason(texts.log.reasons, notice.reason);
  return reason === null ? line : `${line}: ${reason}`;
};

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
  const newestFirst = [...notices].reverse();
  const last = notices.at(-1);
  return (
    <details
      class="happened"
      open={store.isLogOpen.value}
      onToggle={(event) => {
        const { currentTarget } = event;
        store.isLogOpen.value = currentTarget.open;
        if (currentTarget.open) currentTarget.scrollIntoView({ block: 'nearest' });
      }}
    >
      <summary>
        <span class="happened-title">{texts.log.title}</span>
        <span class="happened-last note">{last ? describe(last) : texts.log.empty}</span>
        <Icon of={ChevronDown} size={20} />
      </summary>
      {last ? (
        <ol class="happened-list" reversed tabIndex={0} aria-label={texts.log.title}>
          {newestFirst.map((notice, index) => (
            <li key={newestFirst.length - index}>
              <time class="tabular" dateTime={new Date(notice.at).toISOString()}>
                {formatLogTime(notice.at)}
              </time>
              <span>{describe(notice)}</span>
            </li>
          ))}
        </ol>
      ) : (
        <p class="note happened-empty">{texts.log.empty}</p>
      )}
      <NotifyButton />
    </details>
  );
};
