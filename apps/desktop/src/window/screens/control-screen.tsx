import { Icon } from '@proxim/ui';
import { Plus } from 'lucide';

import { openSession } from '../current-screen.js';
import { newSession } from '../new-session.js';
import { ConnectedPhone } from '../parts/connected-phone.js';
import { Happened } from '../parts/happened.js';
import { InputProblem } from '../parts/notes.js';
import { Phones } from '../parts/phones.js';
import type { Phone } from '../phones.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';

export interface ControlScreenProps {
  readonly store: WindowStore;
  readonly active: readonly Phone[];
}

/** Who controls this computer, and the way to end it. */
export const ControlScreen = ({ store, active }: ControlScreenProps) => {
  const state = store.state.value;
  if (state === null) return null;

  const { panicKey } = state.input;

  const connectAnother = (): void => {
    store.wantsCode.value = true;
    if (!openSession(state)) store.send(newSession(state));
  };

  return (
    <>
      <InputProblem input={state.input} />
      {active.map((phone) => (
        <ConnectedPhone key={phone.session.sessionID} store={store} phone={phone} isAlone={active.length === 1} />
      ))}
      <p class="note escape-hint">
        {texts.control.escape[store.escapes.value] ?? texts.control.escape[0]}
        {panicKey !== null && store.escapes.value === 0 && ` ${texts.control.panicKey(panicKey)}`}
      </p>
      <div class="settings">
        <button class="button button-quiet another" type="button" onClick={connectAnother}>
          <Icon of={Plus} size={20} />
          {texts.control.another}
        </button>
        <div class="folds">
          <Phones store={store} />
          <Happened store={store} />
        </div>
      </div>
    </>
  );
};
