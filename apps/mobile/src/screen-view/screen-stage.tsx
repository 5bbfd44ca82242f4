import { Icon } from '@proxim/ui';
import { Minimize, X } from 'lucide';

import { Picture } from './picture.js';
import type { ScreenViewer } from './screen-viewer.js';
import { screenTexts as texts } from './texts.js';

export interface ScreenStageProps {
  readonly viewer: ScreenViewer;
  /** Whether the computer has something to show. */
  readonly isOffered: boolean;
  readonly isFull: boolean;
  readonly setFull: (isFull: boolean) => void;
}

/** Between the bar and the pad: the picture, or what there is to say about it. */
export const ScreenStage = ({ viewer, isOffered, isFull, setFull }: ScreenStageProps) => {
  const view = viewer.view.value;
  switch (view.at) {
    case 'off':
      if (view.why === null) return null;
      return (
        <div class="screen-note">
          <p role="status">{texts.over(view.why)}</p>
          {isOffered && view.why !== 'not_allowed' && view.why !== 'paused' ? (
            <button class="button button-quiet" type="button" onClick={() => viewer.ask()}>
              {texts.again}
            </button>
          ) : null}
          <button class="icon-button" type="button" aria-label={texts.dismiss} onClick={() => viewer.dismiss()}>
            <Icon of={X} size={20} />
          </button>
        </div>
      );
    case 'asked':
    case 'coming':
      return (
        <div class="screen-note">
          <p role="status">
            <span class="screen-note-title">{view.at === 'asked' ? texts.asked : texts.coming}</span>
            {view.at === 'asked' ? texts.askedText : null}
          </p>
          <button class="button" type="button" onClick={() => viewer.stop()}>
            {texts.cancel}
          </button>
        </div>
      );
    case 'seen':
      return (
        <>
          <Picture stream={view.stream} isFull={isFull} onFull={() => setFull(true)} />
          {isFull ? (
            <div class="full-buttons">
              <button
                class="icon-button picture-button"
                type="button"
                aria-label={texts.leaveFull}
                onClick={() => setFull(false)}
              >
                <Icon of={Minimize} size={20} />
              </button>
            </div>
          ) : null}
        </>
      );
    default:
      return view satisfies never;
  }
};
