import type { KeyStroke } from '@proxim/control';

import { type ModifierName } from './key-strokes.js';
import {
  emptyContent,
  emptyValue,
  fewSentinels,
  type FieldContent,
  readContent,
  type Typed,
  typedBetween,
  waitsForEnd,
} from './typing.js';

export interface TypingHandlers {
  /** The computer is to catch up with the field. */
  onTyped(typed: Typed): void;
  onEnter(): void;
  /** A key of a keyboard that is made of keys. */
  onChord(stroke: KeyStroke, modifiers: readonly ModifierName[]): void;
  /** Whether the next character is part of a shortcut: then it is sent at once. */
  isShortcut(): boolean;
  /** Whether there is anything to be seen in the field. */
  onHasText(hasText: boolean): void;
}

/** Keys that type nothing, and mean the same on the computer. Backspace and Enter come as input. */
const functionKeys =
  /^(?:Escape|Tab|Delete|Insert|Home|End|PageUp|PageDown|Arrow(?:Left|Right|Up|Down)|F(?:[1-9]|1\d|2[0-4]))$/;

/** Keeps the computer in step with a text field, whatever fills it: keys, an input method, dictation, a paste. */
export class TypingField {
  readonly #field: HTMLTextAreaElement;
  readonly #handlers: TypingHandlers;
  readonly #listening = new AbortController();
  #known: FieldContent = emptyContent;
  #composing: string | undefined;
  #isToBeEmptied = false;

  constructor(field: HTMLTextAreaElement, handlers: TypingHandlers) {
    this.#field = field;
    this.#handlers = handlers;
    const { signal } = this.#listening;
    field.addEventListener('beforeinput', (event) => this.#onBeforeInput(event), { signal });
    field.addEventListener('input', () => this.#onInput(), { signal });
    field.addEventListener('compositionstart', ({ data }) => (this.#composing = data), { signal });
    field.addEventListener('compositionupdate', ({ data }) => (this.#composing = data), { signal });
    field.addEventListener('compositionend', () => this.#onCompositionEnd(), { signal });
    field.addEventListener('keydown', (event) => this.#onKeyDown(event), { signal });
    field.addEventListener('focus', () => this.#caretToEnd(), { signal });
    this.#empty();
  }

  /** What was typed is done with: the computer's caret may be elsewhere by now. */
  forget(): void {
    // To change the field under an input method that is composing would confuse it.
    if (this.#composing === undefined) this.#empty();
    else this.#isToBeEmptied = true;
  }

  detach(): void {
    this.#listening.abort();
  }

  #empty(): void {
    this.#isToBeEmptied = false;
    this.#known = emptyContent;
    this.#handlers.onHasText(false);
    this.#field.value = emptyValue;
    this.#caretToEnd();
  }

  #caretToEnd(): void {
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length);
  }

  #onBeforeInput(event: InputEvent): void {
    if (event.inputType !== 'insertLineBreak' && event.inputType !== 'insertParagraph') return;
    // On Android this cannot be prevented: then the line break is found in the field.
    if (!event.cancelable) return;
    event.preventDefault();
    this.#catchUp();
    this.#handlers.onEnter();
    this.forget();
  }

  #onInput(): void {
    this.#handlers.onHasText(readContent(this.#field.value).text !== '');
    const composing = this.#composing;
    const isWaiting = composing !== undefined && waitsForEnd(composing, navigator.language);
    if (!isWaiting || this.#handlers.isShortcut()) this.#catchUp();
  }

  #onCompositionEnd(): void {
    this.#composing = undefined;
    this.#catchUp();
    if (this.#isToBeEmptied) this.#empty();
  }

  #catchUp(): void {
    const content = readContent(this.#field.value);
    const { erase, insert } = typedBetween(this.#known, content);
    this.#known = content;
    // A line break says that the line is done, wherever it came from.
    const [line = '', ...furtherLines] = insert.replaceAll(/\r\n?/g, '\n').split('\n');
    if (erase > 0 || line !== '') this.#handlers.onTyped({ erase, insert: line });
    for (const further of furtherLines) {
      this.#handlers.onEnter();
      if (further !== '') this.#handlers.onTyped({ erase: 0, insert: further });
    }
    if (furtherLines.length > 0 || (content.text === '' && content.sentinels < fewSentinels)) this.forget();
  }

  #onKeyDown(event: KeyboardEvent): void {
    // Input methods name their keys `Unidentified` or `Process`: what they do comes as input.
    if (event.isComposing) return;
    const { key, code, ctrlKey, altKey, metaKey, shiftKey } = event;
    const isShortcut =
      (ctrlKey || altKey || metaKey) && !event.getModifierState('AltGraph') && Array.from(key).length === 1;
    if (!isShortcut && !functionKeys.test(key)) return;
    event.preventDefault();
    const pressed = { ctrl: ctrlKey, alt: altKey, super: metaKey, shift: shiftKey };
    const modifiers = (['ctrl', 'alt', 'super', 'shift'] as const).filter((name) => pressed[name]);
    this.#handlers.onChord({ code: code === '' ? 'Unidentified' : code, key }, modifiers);
    this.forget();
  }
}
