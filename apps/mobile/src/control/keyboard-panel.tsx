import type { KeyStroke } from '@proxim/control';
import { Icon, type IconNode } from '@proxim/ui';
import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from 'lucide';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { texts } from '../texts/en.js';
import type { ControlSender } from './control-sender.js';
import { HeldButton, keepFocus } from './held-button.js';
import { keys, modifierStrokes, strokeOfCharacter } from './key-strokes.js';
import type { Modifiers } from './modifiers.js';
import { TypingField } from './typing-field.js';

const namedKeys: readonly { readonly label: string; readonly stroke: KeyStroke }[] = [
  { label: texts.keyboard.escape, stroke: keys.escape },
  { label: texts.keyboard.tab, stroke: keys.tab },
];
const arrows: readonly { readonly label: string; readonly icon: IconNode; readonly stroke: KeyStroke }[] = [
  { label: texts.keyboard.left, icon: ArrowLeft, stroke: keys.left },
  { label: texts.keyboard.up, icon: ArrowUp, stroke: keys.up },
  { label: texts.keyboard.down, icon: ArrowDown, stroke: keys.down },
  { label: texts.keyboard.right, icon: ArrowRight, stroke: keys.right },
];
const modifierNames = ['ctrl', 'alt', 'super', 'shift'] as const;

export interface KeyboardPanelProps {
  readonly sender: ControlSender;
  readonly modifiers: Modifiers;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  /** Counts up when the computer's caret may have gone elsewhere: what is in the field is done with then. */
  readonly clicks: number;
  readonly isOpen: boolean;
}

/** Types into the computer what the field is given, or presses it as a shortcut. */
const typeInto = (sender: ControlSender, modifiers: Modifiers, text: string): boolean => {
  const isShortcut = modifiers.isAnyOn.value && Array.from(text).length === 1;
  if (isShortcut) sender.stroke(strokeOfCharacter(text));
  else sender.text(text);
  modifiers.used();
  return isShortcut;
};

/** The text field that brings the phone's keyboard up, and the keys that such keyboards lack. */
export const KeyboardPanel = ({ sender, modifiers, field, clicks, isOpen }: KeyboardPanelProps) => {
  const typing = useRef<TypingField | undefined>(undefined);
  const [hasText, setHasText] = useState(false);

  useEffect(() => {
    if (!field.current) return undefined;
    const attached = new TypingField(field.current, {
      onTyped: ({ erase, insert }) => {
        for (let count = 0; count < erase; count += 1) sender.stroke(keys.backspace);
        if (insert !== '' && typeInto(sender, modifiers, insert)) attached.forget();
        else if (erase > 0) modifiers.used();
      },
      onEnter: () => {
        sender.stroke(keys.enter);
        modifiers.used();
      },
      onChord: (stroke, chord) => {
        for (const name of chord) sender.key(modifierStrokes[name], true);
        sender.stroke(stroke);
        for (const name of chord.toReversed()) sender.key(modifierStrokes[name], false);
        modifiers.used();
      },
      isShortcut: () => modifiers.isAnyOn.value,
      onHasText: setHasText,
    });
    typing.current = attached;
    return () => {
      attached.detach();
    };
  }, [sender, modifiers, field]);

  useEffect(() => {
    typing.current?.forget();
  }, [clicks]);

  const press = (stroke: KeyStroke) => (pressed: boolean) => {
    sender.key(stroke, pressed);
    if (pressed) typing.current?.forget();
    else modifiers.used();
  };
  return (
    <div class={isOpen ? 'keyboard-panel' : 'keyboard-panel visually-hidden'}>
      <div class="keys" role="group" aria-label={texts.keyboard.keys}>
        {namedKeys.map(({ label, stroke }) => (
          <HeldButton key={label} class="key" label={label} onPress={press(stroke)}>
            {label}
          </HeldButton>
        ))}
        {modifierNames.map((name) => {
          const state = modifiers.states.value[name];
          return (
            <button
              key={name}
              class={`key key-${state}`}
              type="button"
              aria-pressed={state !== 'off'}
              aria-description={state === 'locked' ? texts.keyboard.locked : undefined}
              onMouseDown={keepFocus}
              onClick={({ timeStamp }) => modifiers.tap(name, timeStamp)}
            >
              {texts.keyboard[name]}
            </button>
          );
        })}
      </div>
      <div class="typing">
        <textarea
          class="typing-field"
          ref={field}
          rows={1}
          aria-label={texts.keyboard.field}
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellcheck={false}
          enterkeyhint="enter"
        />
        <span class="typing-hint" aria-hidden="true">
          {hasText ? null : texts.keyboard.fieldHint}
        </span>
      </div>
      <div class="arrows" role="group" aria-label={texts.keyboard.arrows}>
        {arrows.map(({ label, icon, stroke }) => (
          <HeldButton key={label} class="key" label={label} onPress={press(stroke)}>
            <Icon of={icon} size={20} />
          </HeldButton>
        ))}
      </div>
    </div>
  );
};
