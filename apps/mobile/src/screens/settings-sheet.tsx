import type { SessionType } from '@proxim/protocol';
import { formatClock, useSecondsLeft } from '@proxim/ui';
import { useEffect, useId, useRef } from 'preact/hooks';

import type { Keeping } from '../page.js';
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

/** What kind of session it is; one that lasts can be kept, or kept no longer. */
const SessionKind = ({
  computer,
  sessionType,
  keeping,
  expiresAt,
}: {
  readonly computer: string;
  readonly sessionType: SessionType;
  readonly keeping: Keeping;
  readonly expiresAt: number | null;
}) => {
  const { session, now } = usePage();
  const seconds = useSecondsLeft(expiresAt, now);
  return (
    <>
      {keeping === 'never' ? null : (
        <label class="setting-line">
          <span>
            {texts.settings.keep}
            <span class="setting-text note">{texts.settings.keepText}</span>
          </span>
          <input
            class="switch"
            type="checkbox"
            role="switch"
            aria-label={texts.settings.keep}
            checked={keeping === 'kept'}
            onChange={({ currentTarget }) => session.keepComputer(currentTarget.checked, computer)}
          />
        </label>
      )}
      <p class="quiet tabular">{texts.settings.session(sessionType, seconds === null ? null : formatClock(seconds))}</p>
    </>
  );
};

/** How the pad feels, what kind of session it is, and the way out. */
export const SettingsSheet = ({
  preferences,
  computer,
  sessionType,
  keeping,
  expiresAt,
  onClose,
}: {
  readonly preferences: PreferencesStore;
  readonly computer: string;
  readonly sessionType: SessionType | undefined;
  readonly keeping: Keeping;
  readonly expiresAt: number | null;
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
        {sessionType === undefined ? null : (
          <SessionKind computer={computer} sessionType={sessionType} keeping={keeping} expiresAt={expiresAt} />
        )}
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
