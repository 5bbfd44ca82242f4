import { connectedScreen } from './lazy-parts.js';
import { usePage } from './page-context.js';
import { EndedScreen } from './screens/ended-screen.js';
import { OtherTabScreen } from './screens/other-tab-screen.js';
import { ReadyScreen } from './screens/ready-screen.js';
import { StartScreen } from './screens/start-screen.js';
import { WaitingScreen } from './screens/waiting-screen.js';
import { texts } from './texts/en.js';

/** One thing a screen: which one follows from the session. */
export const App = () => {
  const { session, computers } = usePage();
  const page = session.page.value;
  if (page.at === 'start') return <StartScreen fault={page.fault} scan={page.scan} />;
  const computer = computers.find(page.link.sessionID)?.name ?? page.link.computerName ?? texts.computerWithoutName;
  if (page.at === 'ready') return <ReadyScreen computer={computer} isKnown={page.isKnown} />;
  if (page.at === 'other_tab') return <OtherTabScreen />;
  const { state, channels, sessionType, keeping } = page;
  switch (state.status) {
    case 'idle':
    case 'reaching':
    case 'waiting':
    case 'connecting':
      return <WaitingScreen computer={computer} state={state} />;
    case 'connected':
    case 'reconnecting': {
      const ConnectedScreen = connectedScreen.value;
      if (!ConnectedScreen) return <WaitingScreen computer={computer} state={{ status: 'connecting' }} />;
      return (
        <ConnectedScreen
          computer={computer}
          state={state}
          channels={channels}
          sessionType={sessionType}
          keeping={keeping}
        />
      );
    }
    case 'ended':
      return <EndedScreen reason={state.reason} computer={computer} keeping={keeping} />;
    default:
      return state satisfies never;
  }
};
