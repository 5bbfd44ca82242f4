import { connectedScreen } from './lazy-parts.js';
import { usePage } from './page-context.js';
import { EndedScreen } from './screens/ended-screen.js';
import { ReadyScreen } from './screens/ready-screen.js';
import { StartScreen } from './screens/start-screen.js';
import { WaitingScreen } from './screens/waiting-screen.js';
import { texts } from './texts/en.js';

/** One thing a screen: which one follows from the session. */
export const App = () => {
  const page = usePage().session.page.value;
  if (page.at === 'start') return <StartScreen fault={page.fault} scan={page.scan} />;
  const computer = page.link.computerName ?? texts.computerWithoutName;
  if (page.at === 'ready') return <ReadyScreen computer={computer} />;
  const { state, channels } = page;
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
      return <ConnectedScreen computer={computer} state={state} channels={channels} />;
    }
    case 'ended':
      return <EndedScreen reason={state.reason} />;
    default:
      return state satisfies never;
  }
};
