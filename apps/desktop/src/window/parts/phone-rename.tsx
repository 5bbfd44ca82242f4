import { useId, useLayoutEffect, useRef } from 'preact/hooks';

import { chosenName, limitName } from '../phone-name.js';
import type { Phone } from '../phones.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';

export interface PhoneRenameProps {
  readonly store: WindowStore;
  readonly phone: Phone;
  /** As it is typed so far. */
  readonly text: string;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** A name of the user's for a phone, typed where the name stands. */
export const PhoneRename = ({ store, phone, text, onKeyDown }: PhoneRenameProps) => {
  const { session, device, name } = phone;
  const { sessionID } = session;
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();

  useLayoutEffect(() => {
    input.current?.focus();
    // What was typed before another screen came in between is not typed over.
    if (text === name) input.current?.select();
    // Once, when it appears: later the text is the user's.
  }, []);

  const write = (typed: string): void => {
    store.phoneAction.value = { kind: 'rename', sessionID, text: typed };
  };
  const save = (event: Event): void => {
    event.preventDefault();
    if (store.status.value !== 'open') return;
    const chosen = chosenName(text, device.name);
    const next = chosen === '' ? device.name : chosen;
    if (next !== name) {
      store.send({ command: 'rename', sessionID, name: chosen });
      store.done.value = texts.phones.renamed(next);
    }
    store.phoneAction.value = null;
  };

  return (
    <form class="phone-rename" onSubmit={save} onKeyDown={onKeyDown}>
      <input
        type="text"
        dir="auto"
        autoComplete="off"
        spellcheck={false}
        placeholder={device.name}
        aria-label={texts.phones.nameField(device.name)}
        aria-describedby={hintId}
        ref={input}
        value={text}
        onInput={(event) => {
          // A word that an input method is still composing is not cut under its hands.
          write(event.isComposing ? event.currentTarget.value : limitName(event.currentTarget.value));
        }}
        onCompositionEnd={(event) => write(limitName(event.currentTarget.value))}
      />
      <button class="button button-primary" type="submit">
        {texts.phones.save}
      </button>
      <button
        class="button"
        type="button"
        onClick={() => {
          store.phoneAction.value = null;
        }}
      >
        {texts.phones.cancel}
      </button>
      <p class="note" id={hintId}>
        {texts.phones.nameHint}
      </p>
    </form>
  );
};
