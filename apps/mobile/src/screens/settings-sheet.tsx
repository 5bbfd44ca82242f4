import { useEffect, useId, useRef } from 'preact/hooks';

import { usePage } from '../page-context.js';
import { fastest, type Preferences, type PreferencesStore, slowest } from '../preferences.js';
import { texts } from '../texts/en.js';

/** The sliders' steps are equal factors: as far from 1 to twice as to half. */
const toStep = (factor: number): number => Math.log2(factor);
const toFactor = (step: number): number => 2 ** step;

const SpeedSlider = ({
  preferences,
  name,
  label,
}: {
  readonly preferences: PreferencesStore;
  readonly name: 'pointerSpeed' | 'scrollSpeed';
  readonly label: string;
}) => {
  const factor = preferences.current.value[name];
  return (
    <label class="setting">
      <span class="setting-line">
        {label}
        <span class="quiet tabular">{texts.settings.speed(factor)}</span>
      </span>
      <input
        class="slider"
        type="range"
        min={toStep(slowest)}
        max={toStep(fastest)}
        step="0.25"
        value={toStep(factor)}
        aria-label={label}
        aria-valuetext={texts.settings.speedSaid(factor)}
        onInput={({ currentTarget }) => {
          const change: Partial<Preferences> = { [name]: toFactor(currentTarget.valueAsNumber) };
          preferences.change(change);
        }}
      />
    </label>
  );
};

/** How the pad feels, and the way out. */
export const SettingsSheet = ({
  preferences,
  onClose,
}: {
  readonly preferences: PreferencesStore;
  readonly onClose: () => void;
}) => {
  const { session } = usePage();
  const sheet = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    sheet.current?.showModal();
  }, []);
  return (
    <dialog
      class="sheet"
      ref={sheet}
      aria-labelledby={title}
      onClose={onClose}
      onClick={({ target, currentTarget }) => {
        // A tap beside the sheet.
        if (target === currentTarget) currentTarget.close();
      }}
    >
      <div class="sheet-content stack">
        <h2 class="title" id={title}>
          {texts.settings.title}
        </h2>
        <SpeedSlider preferences={preferences} name="pointerSpeed" label={texts.settings.pointerSpeed} />
        <SpeedSlider preferences={preferences} name="scrollSpeed" label={texts.settings.scrollSpeed} />
        <label class="setting-line">
          <span>
            {texts.settings.naturalScrolling}
            <span class="setting-text note">{texts.settings.naturalScrollingText}</span>
          </span>
          <input
            class="switch"
            type="checkbox"
            role="switch"
            aria-label={texts.settings.naturalScrolling}
            checked={preferences.current.value.naturalScrolling}
            onChange={({ currentTarget }) => preferences.change({ naturalScrolling: currentTarget.checked })}
          />
        </label>
        <div class="sheet-actions">
          <button class="button" type="button" onClick={() => session.leave()}>
            {texts.settings.disconnect}
          </button>
          <button class="button button-primary" type="button" onClick={() => sheet.current?.close()}>
            {texts.settings.close}
          </button>
        </div>
      </div>
    </dialog>
  );
};
