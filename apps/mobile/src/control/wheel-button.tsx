import type { TouchpadSettings } from '@proxim/control';
import type { ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import { texts } from '../texts/en.js';
import type { ControlSender } from './control-sender.js';
import { keepFocus } from './held-button.js';

/** A finger that has come further than this turns the wheel, and does not press it. In CSS pixels. */
const tapPixels = 8;

export interface WheelButtonProps {
  readonly sender: ControlSender;
  readonly settings: ReadonlySignal<TouchpadSettings>;
  readonly onClick: () => void;
}

/** A mouse's wheel, for one thumb: pulled along it scrolls, tapped it is the middle button. */
export const WheelButton = ({ sender, settings, onClick }: WheelButtonProps) => {
  const touch = useRef<{ finger: number; startY: number; y: number; turns: boolean } | undefined>(undefined);
  return (
    <button
      class="mouse-button mouse-button-middle"
      type="button"
      aria-label={texts.buttons.middle}
      onPointerDown={(event) => {
        if (touch.current || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        touch.current = { finger: event.pointerId, startY: event.clientY, y: event.clientY, turns: false };
      }}
      onPointerMove={({ pointerId, clientY }) => {
        const now = touch.current;
        if (now?.finger !== pointerId) return;
        now.turns ||= Math.abs(clientY - now.startY) > tapPixels;
        if (!now.turns) return;
        const { naturalScrolling, pixelsPerNotch } = settings.value;
        sender.scroll(0, ((clientY - now.y) * (naturalScrolling ? -1 : 1)) / pixelsPerNotch);
        now.y = clientY;
      }}
      onPointerUp={({ pointerId }) => {
        const now = touch.current;
        if (now?.finger !== pointerId) return;
        touch.current = undefined;
        if (!now.turns) onClick();
      }}
      onPointerCancel={() => (touch.current = undefined)}
      onMouseDown={keepFocus}
      onContextMenu={keepFocus}
      onClick={({ detail }) => {
        if (detail === 0) onClick();
      }}
    >
      <span class="wheel" />
    </button>
  );
};
