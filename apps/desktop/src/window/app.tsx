import { useLayoutEffect, useRef } from 'preact/hooks';

import type { Screen } from './current-screen.js';
import { Announcer } from './parts/announcer.js';
import { Fault, Lost } from './parts/notes.js';
import { ScreenAsk, ScreenSign } from './parts/screen-cards.js';
import { CodeScreen } from './screens/code-screen.js';
import { ControlScreen } from './screens/control-screen.js';
import { MessageScreen } from './screens/message-screen.js';
import { RequestScreen } from './screens/request-screen.js';
import { SystemQuestionScreen } from './screens/system-question-screen.js';
import { texts } from './texts/en.js';
import type { ScreenShares } from './screen-shares.js';
import type { WindowStore } from './window-store.js';

export interface AppProps {
  readonly store: WindowStore;
  /** Looks for the app at once. */
  readonly retry: () => void;
  readonly shares: ScreenShares;
}

const Shown = ({ store, retry, screen }: Omit<AppProps, 'shares'> & { readonly screen: Screen }) => {
  switch (screen.name) {
    case 'starting':
      return <MessageScreen title={texts.starting.title} lead={texts.starting.lead} />;
    case 'ended':
      return (
        <MessageScreen
          title={texts.ended.title}
          lead={texts.ended.lead}
          command={texts.ended.command}
          action={{ text: texts.ended.again, run: retry }}
        />
      );
    case 'refused':
      return <MessageScreen title={texts.refused.title} lead={texts.refused.lead} />;
    case 'request':
      return (
        <RequestScreen key={screen.prompt.promptID} store={store} session={screen.session} prompt={screen.prompt} />
      );
    case 'system':
      return (
        <SystemQuestionScreen
          key={screen.question.promptID}
          store={store}
          question={screen.question}
          deviceName={screen.deviceName}
        />
      );
    case 'control':
      return <ControlScreen store={store} active={screen.active} />;
    case 'code':
      return <CodeScreen store={store} session={screen.session} />;
    default:
      screen satisfies never;
      return null;
  }
};

/** The window: one thing at a time, and above it what stands in the way. */
export const App = ({ store, retry, shares }: AppProps) => {
  const screen = store.screen.value;
  const main = useRef<HTMLElement>(null);
  const before = useRef(screen.name);

  // Who works by keyboard or by ear is taken along when the screen changes; a question takes the focus itself, and so
  // does a phone's row that the user is busy with and that the next screen has too.
  useLayoutEffect(() => {
    const isBusy = store.phoneAction.value !== null && (screen.name === 'code' || screen.name === 'control');
    const isQuestion = screen.name === 'request' || screen.name === 'system';
    if (before.current !== screen.name && !isQuestion && !isBusy) main.current?.focus();
    before.current = screen.name;
  }, [screen.name, store]);

  return (
    <>
      <ScreenSign store={store} shares={shares} />
      <ScreenAsk store={store} shares={shares} />
      <main class={`screen screen-${screen.name}`} ref={main} tabIndex={-1}>
        <Shown store={store} retry={retry} screen={screen} />
      </main>
      <Lost store={store} />
      <Fault store={store} />
      <Announcer store={store} />
    </>
  );
};
