import { Icon } from '@proxim/ui';
import { Monitor } from 'lucide';

import type { ScreenViewer } from './screen-viewer.js';
import { screenTexts as texts } from './texts.js';

export interface ScreenButtonProps {
  readonly viewer: ScreenViewer;
  /** Whether the computer lets this phone see its screen. */
  readonly mayView: boolean;
}

/** Asks for the computer's screen, or ends seeing it. */
export const ScreenButton = ({ viewer, mayView }: ScreenButtonProps) => {
  const isOn = viewer.view.value.at !== 'off';
  const press = (): void => {
    if (isOn) viewer.stop();
    else if (mayView) viewer.ask();
    else viewer.refuse('not_allowed');
  };
  return (
    <button
      class={isOn ? 'icon-button screen-button-on' : 'icon-button'}
      type="button"
      aria-label={isOn ? texts.stop : texts.see}
      aria-pressed={isOn}
      onClick={press}
    >
      <Icon of={Monitor} />
    </button>
  );
};
