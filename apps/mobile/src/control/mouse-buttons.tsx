import type { PointerButton } from '@proxim/control';

import { texts } from '../texts/en.js';
import { HeldButton } from './held-button.js';

const buttons = ['left', 'middle', 'right'] as const;

/** A mouse's buttons, to hold while another finger moves on the pad. */
export const MouseButtons = ({
  onButton,
}: {
  readonly onButton: (button: PointerButton, pressed: boolean) => void;
}) => (
  <div class="mouse-buttons">
    {buttons.map((button) => (
      <HeldButton
        key={button}
        class={`mouse-button mouse-button-${button}`}
        label={texts.buttons[button]}
        onPress={(pressed) => onButton(button, pressed)}
      />
    ))}
  </div>
);
