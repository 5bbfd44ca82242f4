import { Icon } from '@proxim/ui';
import { Pencil, Smartphone, Trash2 } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { phoneState, phoneStay } from '../phone-text.js';
import type { Phone } from '../phones.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';
import { PhoneRename } from './phone-rename.js';

export interface PhoneRowProps {
  readonly store: WindowStore;
  readonly phone: Phone;
}

/** Esc gives up what was begun, and does not count among the three that end every session. */
const giveUp =
  (store: WindowStore) =>
  (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    store.phoneAction.value = null;
  };

const Confirm = ({ store, phone }: PhoneRowProps) => {
  const keep = useRef<HTMLButtonElement>(null);
  const { session, name, presence } = phone;
  const { sessionID } = session;
  const action = store.phoneAction.value;
  const isSent = action?.kind === 'remove' && action.isSent;
  const textId = `remove-${sessionID}`;

  useLayoutEffect(() => keep.current?.focus(), []);

  const remove = (): void => {
    if (isSent || store.status.value !== 'open') return;
    store.phoneAction.value = { kind: 'remove', sessionID, isSent: true };
    store.done.value = texts.phones.removed(name);
    store.send({ command: 'close', sessionID });
  };

  return (
    <>
      <p class="phone-what">
        <bdi class="name">{name}</bdi>
        <span class="note" id={textId}>
          {presence === 'away' ? texts.phones.confirm.away : texts.phones.confirm.present}
        </span>
      </p>
      <div class="phone-does" role="group" aria-label={texts.phones.remove(name)} onKeyDown={giveUp(store)}>
        <button class="button button-warning" type="button" aria-disabled={isSent} onClick={remove}>
          {texts.phones.confirmed}
        </button>
        <button
          class="button"
          type="button"
          aria-describedby={textId}
          ref={keep}
          onClick={() => {
            store.phoneAction.value = null;
          }}
        >
          {texts.phones.keep}
        </button>
      </div>
    </>
  );
};

/** One phone of the list: what it is called, how it stands, and what can be done about it. */
export const PhoneRow = ({ store, phone }: PhoneRowProps) => {
  const { session, device, name, presence } = phone;
  const { sessionID } = session;
  const rename = useRef<HTMLButtonElement>(null);
  const remove = useRef<HTMLButtonElement>(null);
  const action = store.phoneAction.value?.sessionID === sessionID ? store.phoneAction.value : null;
  const kind = action?.kind ?? 'none';
  const before = useRef(kind);

  // When the user is through with it, the focus is where it was begun.
  useLayoutEffect(() => {
    if (kind === 'none' && store.phoneAction.value === null) {
      if (before.current === 'rename') rename.current?.focus();
      if (before.current === 'remove') remove.current?.focus();
    }
    before.current = kind;
  }, [kind, store]);

  const now = store.moment.value.now;
  return (
    <li class={`phone-row is-${presence}`}>
      <Icon of={Smartphone} size={20} />
      {action?.kind === 'remove' && <Confirm store={store} phone={phone} />}
      {action?.kind === 'rename' && (
        <PhoneRename store={store} phone={phone} text={action.text} onKeyDown={giveUp(store)} />
      )}
      {action === null && (
        <>
          <p class="phone-what">
            <bdi class="name">{name}</bdi>
            {name !== device.name && <bdi class="note phone-own">{device.name}</bdi>}
            <span class="note tabular">{phoneState(phone, now)}</span>
            <span class="note tabular">{phoneStay(phone, now)}</span>
          </p>
          <div class="phone-does phone-does-quietly">
            <button
              class="icon-button"
              type="button"
              aria-label={texts.phones.rename(name)}
              ref={rename}
              onClick={() => {
                store.phoneAction.value = { kind: 'rename', sessionID, text: name };
              }}
            >
              <Icon of={Pencil} size={20} />
            </button>
            <button
              class="icon-button"
              type="button"
              aria-label={texts.phones.remove(name)}
              ref={remove}
              onClick={() => {
                store.phoneAction.value = { kind: 'remove', sessionID, isSent: false };
              }}
            >
              <Icon of={Trash2} size={20} />
            </button>
          </div>
        </>
      )}
    </li>
  );
};
