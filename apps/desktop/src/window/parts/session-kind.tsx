import { useState } from 'preact/hooks';

import type { WindowSessionType, WindowState } from '../../host/window-protocol.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';
import { DurationPicker } from './duration-picker.js';

const kinds = ['one_time', 'temporary', 'persistent'] as const satisfies readonly WindowSessionType[];

const Explained = ({
  kind,
  memoryProblem,
}: {
  readonly kind: Exclude<WindowSessionType, 'temporary'>;
  readonly memoryProblem: string | null;
}) => {
  if (kind !== 'persistent' || memoryProblem === null) return <p class="note">{texts.kind.explained[kind]}</p>;
  return (
    <p class="note">
      {texts.kind.persistentForThisRun} {memoryProblem}
    </p>
  );
};

export interface SessionKindProps {
  readonly state: WindowState;
  readonly store: WindowStore;
}

/** The kind of session that the code opens. Another kind is another code, made at once. */
export const SessionKind = ({ state, store }: SessionKindProps) => {
  const { sessionType, ttlSeconds } = state.nextSession;
  // What was chosen stands until the app answers; then its answer does.
  const [choice, setChoice] = useState<{ readonly kind: WindowSessionType; readonly before: WindowState } | null>(null);
  const shown = choice?.before === state ? choice.kind : sessionType;

  const choose = (kind: WindowSessionType, seconds: number): void => {
    setChoice({ kind, before: state });
    store.send(
      kind === 'temporary'
        ? { command: 'create', sessionType: kind, ttlSeconds: seconds }
        : { command: 'create', sessionType: kind },
    );
  };

  return (
    <fieldset class="kind">
      <legend class="visually-hidden">{texts.kind.legend}</legend>
      <div class="segments">
        {kinds.map((kind) => (
          <label class="segment" key={kind}>
            <input
              type="radio"
              name="kind"
              value={kind}
              checked={shown === kind}
              onChange={() => choose(kind, ttlSeconds)}
            />
            <span>{texts.kind.names[kind]}</span>
          </label>
        ))}
      </div>
      <div class="kind-detail">
        {shown === 'temporary' ? (
          <DurationPicker seconds={ttlSeconds} choose={(seconds) => choose('temporary', seconds)} />
        ) : (
          <Explained kind={shown} memoryProblem={state.memoryProblem} />
        )}
      </div>
    </fieldset>
  );
};
