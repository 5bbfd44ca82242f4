import { Icon } from '@proxim/ui';
import { Plus } from 'lucide';

import { openSession, type PairedSession } from '../current-screen.js';
import { newSession } from '../new-session.js';
import { ConnectedPhone } from '../parts/connected-phone.js';
import { Happened } from '../parts/happened.js';
import { InputProblem } from '../parts/notes.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';

export interface ControlScreenProps {
  readonly store: WindowStore;
  readonly active: readonly PairedSession[];
}

/** Who controls this computer, and the way to end it. */
export const ControlScreen = ({ store, active }: ControlScreenProps) => {
  const state = store.state.value;
  if (state === null) return null;

  const connectAnother = (): void => {
    store.wantsCode.value = true;
    if (!openSession(state)) store.send(newSession(state));
  };

  return (
    <>
      <InputProblem input={state.input} />
      {active.map(({ session, device }) => (
        <ConnectedPhone
          key={session.sessionID}
          store={store}
          session={session}
          device={device}
          isAlone={active.length === 1}
        />
      ))}
      <p class="note escape-hint">{texts.control.escape[store.escapes.value] ?? texts.control.escape[0]}</p>
      <div class="settings">
        <button class="button button-quiet another" type="button" onClick={connectAnother}>
          <Icon of={Plus} size={20} />
          {texts.control.another}
        </button>
        <Happened store={store} />
      </div>
    </>
  );
};
