import { Icon } from '@proxim/ui';
import { Check, Copy } from 'lucide';
import { useEffect, useState } from 'preact/hooks';

import { copyText } from '../copy-text.js';
import { texts } from '../texts/en.js';
import type { WindowClock } from '../window-store.js';

export interface CopyLinkProps {
  /** Null while there is none. */
  readonly link: string | null;
  readonly clock: WindowClock;
}

type Outcome = 'none' | 'copied' | 'refused';

const shownForMs = 2000;

/** Copies the link; where the clipboard is out of reach, shows it to be copied by hand. */
export const CopyLink = ({ link, clock }: CopyLinkProps) => {
  const [outcome, setOutcome] = useState<Outcome>('none');

  useEffect(() => {
    if (outcome !== 'copied') return undefined;
    return clock.after(shownForMs, () => setOutcome('none'));
  }, [outcome, clock]);
  useEffect(() => setOutcome('none'), [link]);

  const copy = async (): Promise<void> => {
    if (link !== null) setOutcome((await copyText(link)) ? 'copied' : 'refused');
  };

  return (
    <>
      <button class="button copy-link" type="button" disabled={link === null} onClick={() => void copy()}>
        <Icon of={outcome === 'copied' ? Check : Copy} size={20} />
        {/* Both words take their room, so that the button keeps its width. */}
        <span class="one-of">
          <span class={outcome === 'copied' ? 'is-hidden' : ''} aria-hidden={outcome === 'copied'}>
            {texts.code.copy}
          </span>
          <span class={outcome === 'copied' ? '' : 'is-hidden'} aria-hidden={outcome !== 'copied'}>
            {texts.code.copied}
          </span>
        </span>
      </button>
      {outcome === 'refused' && link !== null && (
        <label class="field copy-by-hand">
          {texts.code.copyByHand}
          <input type="text" readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </>
  );
};
