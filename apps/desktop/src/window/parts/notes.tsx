import { Icon } from '@proxim/ui';
import { CircleAlert, TriangleAlert, Unplug, X } from 'lucide';

import type { WindowState } from '../../host/window-protocol.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';

/** Why this computer cannot be controlled, and the cure; the rest of the window stays usable. */
export const InputProblem = ({ input }: { readonly input: WindowState['input'] }) => {
  if (input.isReady) return null;
  return (
    <p class="strip" role="status">
      <Icon of={TriangleAlert} size={20} />
      <span>{input.problem ?? texts.notes.inputUnknown}</span>
    </p>
  );
};

/** Why phones may refuse the code, and the cure. */
export const LinkProblem = ({ problem }: { readonly problem: string | null }) => {
  if (problem === null) return null;
  return (
    <p class="strip" role="status">
      <Icon of={TriangleAlert} size={20} />
      <span>{problem}</span>
    </p>
  );
};

/** The app does not answer at the moment. It floats, so that nothing moves. */
export const Lost = ({ store }: { readonly store: WindowStore }) => {
  const isLost = store.status.value === 'lost';
  return (
    <div class="lost" role="status">
      {isLost && (
        <p class="floating">
          <Icon of={Unplug} size={20} />
          <span>{texts.notes.lost}</span>
        </p>
      )}
    </div>
  );
};

/** What the app could not do. It floats, so that nothing moves under the pointer. */
export const Fault = ({ store }: { readonly store: WindowStore }) => {
  const message = store.fault.value;
  if (message === null) return null;
  return (
    <div class="floating fault" role="alert">
      <Icon of={CircleAlert} size={20} />
      <p>{texts.notes.fault(message)}</p>
      <button
        class="icon-button"
        type="button"
        aria-label={texts.notes.dismiss}
        onClick={() => {
          store.fault.value = null;
        }}
      >
        <Icon of={X} size={20} />
      </button>
    </div>
  );
};
