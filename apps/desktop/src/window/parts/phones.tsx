import { Icon } from '@proxim/ui';
import { ChevronDown } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';

import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';
import { PhoneRow } from './phone-row.js';

/** Every phone that was let in, connected or not, under a line that says how it stands with them. */
export const Phones = ({ store }: { readonly store: WindowStore }) => {
  const phones = store.phones.value;
  const summary = useRef<HTMLElement>(null);
  const problem = store.state.value?.memoryProblem ?? null;

  // The row that had the focus is gone: whoever works by keyboard goes on at the head of the list.
  useEffect(() => {
    if (document.activeElement === document.body) summary.current?.focus();
  }, [phones.length]);

  if (phones.length === 0) return null;
  return (
    <details
      class="fold"
      open={store.arePhonesOpen.value}
      onToggle={({ currentTarget }) => {
        const isNew = store.arePhonesOpen.value !== currentTarget.open;
        store.arePhonesOpen.value = currentTarget.open;
        if (currentTarget.open && isNew) currentTarget.scrollIntoView({ block: 'nearest' });
        if (!currentTarget.open) store.phoneAction.value = null;
      }}
    >
      <summary ref={summary}>
        <span class="fold-title">{texts.phones.title}</span>
        <span class="fold-last note">{texts.phones.summary(phones)}</span>
        <Icon of={ChevronDown} size={20} />
      </summary>
      {problem !== null && <p class="note phones-note">{problem}</p>}
      <ul class="phones" aria-label={texts.phones.title}>
        {phones.map((phone) => (
          <PhoneRow key={phone.session.sessionID} store={store} phone={phone} />
        ))}
      </ul>
    </details>
  );
};
