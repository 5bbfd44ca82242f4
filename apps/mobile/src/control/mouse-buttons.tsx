import type { PointerButton, TouchpadSettings } from '@proxim/control';
import type { ReadonlySignal } from '@preact/signals';

import { texts } from '../texts/en.js';
import type { ControlSender } from './control-sender.js';
import { HeldButton } from './held-button.js';
import { WheelButton } from './wheel-button.js';

export interface MouseButtonsProps {
  readonly sender: ControlSender;
  readonly settings: ReadonlySignal<TouchpadSettings>;
  readonly onButton: (button: PointerButton, pressed: boolean) => void;
}

/** A mouse's buttons, to hold while another finger moves on the pad, and its wheel between them. */
export const MouseButtons = ({ sender, settings, onButton }: MouseButtonsProps) => (
  <div class="mouse-buttons">
    <HeldButton
      class="mouse-button mouse-button-left"
      label={texts.buttons.left}
      onPress={(pressed) => onButton('left', pressed)}
    >
      {texts.buttons.leftShort}
    </HeldButton>
    <WheelButton
      sender={sender}
      settings={settings}
      onClick={() => {
        onButton('middle', true);
        onButton('middle', false);
      }}
    />
    <HeldButton
      class="mouse-button mouse-button-right"
      label={texts.buttons.right}
      onPress={(pressed) => onButton('right', pressed)}
    >
      {texts.buttons.rightShort}
    </HeldButton>
  </div>
);
