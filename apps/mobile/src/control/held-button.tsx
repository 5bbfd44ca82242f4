import type { ComponentChildren, TargetedEvent, TargetedMouseEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface HeldButtonProps {
  readonly label: string;
  readonly class: string;
  /** Pressed and let go as the finger does; let go as well when the finger is taken away. */
  readonly onPress: (pressed: boolean) => void;
  readonly children?: ComponentChildren;
}

/** The text field keeps the focus, and with it the phone's keyboard stays. */
export const keepFocus = (event: TargetedEvent): void => {
  event.preventDefault();
};

/** A button that is held down as long as the finger is: a mouse's button, a key that repeats. */
export const HeldButton = ({ label, class: className, onPress, children }: HeldButtonProps) => {
  const pointer = useRef<number | undefined>(undefined);
  const press = useRef(onPress);
  press.current = onPress;
  const letGo = (): void => {
    if (pointer.current === undefined) return;
    pointer.current = undefined;
    press.current(false);
  };
  useEffect(() => letGo, []);
  return (
    <button
      class={className}
      type="button"
      aria-label={label}
      onPointerDown={(event) => {
        if (pointer.current !== undefined || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pointer.current = event.pointerId;
        press.current(true);
      }}
      onPointerUp={(event) => {
        if (event.pointerId === pointer.current) letGo();
      }}
      onPointerCancel={(event) => {
        if (event.pointerId === pointer.current) letGo();
      }}
      onMouseDown={keepFocus}
      onContextMenu={keepFocus}
      onClick={({ detail }: TargetedMouseEvent<HTMLButtonElement>) => {
        // A click without a pointer comes from a keyboard or a screen reader.
        if (detail !== 0) return;
        press.current(true);
        press.current(false);
      }}
    >
      {children}
    </button>
  );
};
