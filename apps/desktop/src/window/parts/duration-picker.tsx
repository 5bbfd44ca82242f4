import { formatDuration } from '@proxim/ui';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import { parseMinutes } from '../custom-duration.js';
import { texts } from '../texts/en.js';
import { Select } from './select.js';

const presets: readonly number[] = [900, 3600, 28_800];
const other = 'other';

export interface DurationPickerProps {
  /** As it is now. */
  readonly seconds: number;
  readonly choose: (seconds: number) => void;
}

/** 15 minutes, 1 hour, 8 hours, or whole minutes of one's own. */
export const DurationPicker = ({ seconds, choose }: DurationPickerProps) => {
  const [isOther, setIsOther] = useState(false);
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const typed = parseMinutes(text);
  const isWrong = text !== '' && typed === null;

  useEffect(() => {
    if (isOther) input.current?.focus();
  }, [isOther]);

  const pick = (value: string): void => {
    setIsOther(value === other);
    if (value !== other) choose(Number(value));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (typed === null) return;
    setIsOther(false);
    setText('');
    choose(typed);
  };

  return (
    <form class="duration" onSubmit={submit}>
      <Select label={texts.kind.duration} value={isOther ? other : String(seconds)} onChange={pick}>
        {[...new Set([...presets, seconds])]
          .sort((left, right) => left - right)
          .map((preset) => (
            <option key={preset} value={String(preset)}>
              {formatDuration(preset)}
            </option>
          ))}
        <option value={other}>{texts.kind.custom}</option>
      </Select>
      {isOther ? (
        <>
          <input
            class="tabular"
            type="text"
            inputMode="numeric"
            autoComplete="off"
            placeholder={texts.kind.minutes}
            aria-label={texts.kind.minutes}
            aria-invalid={isWrong}
            aria-describedby={hintId}
            ref={input}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button class="button" type="submit" disabled={typed === null}>
            {texts.kind.set}
          </button>
          <p class={isWrong ? 'note duration-hint is-wrong' : 'note duration-hint'} id={hintId} aria-live="polite">
            {texts.kind.minutesHint}
          </p>
        </>
      ) : (
        <p class="note duration-note">{texts.kind.explained.temporary}</p>
      )}
    </form>
  );
};
