import type { Screen } from '../current-screen.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';

const sentenceFor = (screen: Screen): string => {
  switch (screen.name) {
    case 'starting':
      return '';
    case 'ended':
    case 'refused':
      return texts[screen.name].title;
    // A question is announced by its own dialog.
    case 'request':
    case 'system':
      return '';
    case 'code':
      return texts.announced.code;
    case 'control':
      return screen.active
        .map(({ presence, name }) => (presence === 'away' ? '' : texts.announced[presence](name)))
        .join(' ');
    default:
      screen satisfies never;
      return '';
  }
};

/** Says to a screen reader what changed; never the time that passes. */
export const Announcer = ({ store }: { readonly store: WindowStore }) => (
  <>
    <p class="visually-hidden" role="status">
      {sentenceFor(store.screen.value)}
    </p>
    <p class="visually-hidden" role="status">
      {store.done.value}
    </p>
  </>
);
