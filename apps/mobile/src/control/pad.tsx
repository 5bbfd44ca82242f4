import type { PointerButton, TouchpadEvent, TouchpadSettings } from '@proxim/control';
import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';

import { usePage } from '../page-context.js';
import { texts } from '../texts/en.js';
import type { ControlSender } from './control-sender.js';
import { PadDriver } from './pad-driver.js';

export interface PadProps {
  readonly sender: ControlSender;
  readonly settings: ReadonlySignal<TouchpadSettings>;
  /** Whether what the fingers do arrives. */
  readonly isActive: boolean;
  readonly onButton: (button: PointerButton, pressed: boolean) => void;
}

const vibrateMs = 12;

const listen = (pad: HTMLElement, handle: (event: TouchpadEvent) => void, onFirst: () => void): (() => void) => {
  const listening = new AbortController();
  const { signal } = listening;
  const onPointer = (type: 'down' | 'move' | 'up') => (event: PointerEvent) => {
    handle({ type, finger: event.pointerId, x: event.clientX, y: event.clientY, time: event.timeStamp });
  };
  const prevent = (event: Event): void => {
    if (event.cancelable) event.preventDefault();
  };
  pad.addEventListener('pointerdown', onPointer('down'), { signal });
  pad.addEventListener('pointerdown', onFirst, { signal });
  pad.addEventListener('pointerdown', ({ pointerId }) => pad.setPointerCapture(pointerId), { signal });
  pad.addEventListener('pointermove', onPointer('move'), { signal });
  pad.addEventListener('pointerup', onPointer('up'), { signal });
  pad.addEventListener('pointercancel', ({ timeStamp }) => handle({ type: 'cancel', time: timeStamp }), { signal });
  // No loupe, no selection, no menu, and the focus stays in the text field while it is being typed there.
  for (const name of ['touchstart', 'mousedown', 'contextmenu']) {
    pad.addEventListener(name, prevent, { signal, passive: false });
  }
  return () => {
    listening.abort();
  };
};

/** The touchpad: edge to edge, and silent once it has been touched. */
export const Pad = ({ sender, settings, isActive, onButton }: PadProps) => {
  const { clock, keepAwake } = usePage();
  const pad = useRef<HTMLDivElement>(null);
  const press = useRef(onButton);
  press.current = onButton;
  const [isNew, setNew] = useState(true);

  useEffect(() => {
    if (!pad.current || !isActive) return undefined;
    const driver = new PadDriver({
      clock,
      settings: () => settings.value,
      handlers: {
        onMove: (x, y) => sender.move(x, y),
        onScroll: (x, y) => sender.scroll(x, y),
        onButton: (button, pressed) => press.current(button, pressed),
        onVibrate: () => {
          // Not in Safari.
          if ('vibrate' in navigator) navigator.vibrate(vibrateMs);
        },
      },
    });
    const stopListening = listen(
      pad.current,
      (event) => driver.handle(event),
      () => {
        setNew(false);
        // After a reload nobody has tapped yet, and without Wake Lock only a tap keeps the screen on.
        keepAwake.renew();
      },
    );
    return () => {
      stopListening();
      driver.stop();
    };
  }, [clock, settings, keepAwake, sender, isActive]);

  return (
    <div class="pad" role="application" aria-label={texts.connected.touchpad} ref={pad}>
      {isNew && isActive ? (
        <ul class="pad-hints" aria-hidden="true">
          {texts.connected.hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
};
