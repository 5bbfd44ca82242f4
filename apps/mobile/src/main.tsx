import '@proxim/ui/look.css';
import './styles/page.css';
import './styles/screens.css';
import './styles/computers.css';
import './styles/scanner.css';
import './styles/control.css';
import './styles/keyboard.css';
import './styles/settings.css';
import './styles/tools.css';
import './styles/system.css';
import './styles/screen-view.css';

import { pageClock } from '@proxim/peer/browser';
import { effect, signal } from '@preact/signals';
import { render } from 'preact';

import { App } from './app.js';
import { cleanDeviceName, defaultDeviceName, readDeviceName } from './device-name.js';
import { Farewell } from './farewell.js';
import { createKeepAwake } from './keep-awake.js';
import { KeptComputers, keptComputersKey } from './kept-computers.js';
import { connectedScreen, fetchConnectedScreen } from './lazy-parts.js';
import { listenForNetworkChange } from './network-change.js';
import { tabChannelName } from './other-tabs.js';
import { type PageParts, PageProvider } from './page-context.js';
import { takePageLink } from './page-link.js';
import { SessionStore } from './session-store.js';
import { keptText } from './storage.js';
import { openTabChannel } from './tab-channel.js';

const ofThisPhone = (): Storage => localStorage;
const ofThisTab = (): Storage => sessionStorage;

const loadPeer = async () => (await import('./session-peer.js')).createSessionPeer;

const start = (root: HTMLElement): void => {
  const keptName = keptText(ofThisPhone, 'proxim.deviceName');
  const deviceName = signal(readDeviceName(keptName, navigator.userAgent));
  const wallClock = (): number => Date.now();
  const computers = new KeptComputers({ kept: keptText(ofThisPhone, keptComputersKey), wallClock });
  const session = new SessionStore({
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    clock: pageClock,
    loadPeer,
    kept: keptText(ofThisTab, 'proxim.session'),
    computers,
    tabChannel: openTabChannel(tabChannelName),
  });
  const parts: PageParts = {
    clock: pageClock,
    now: pageClock.now,
    wallClock,
    session,
    computers,
    keptPreferences: keptText(ofThisPhone, 'proxim.touchpad'),
    farewell: new Farewell(pageClock.now),
    keepAwake: createKeepAwake(),
    deviceName,
    settleDeviceName: () => {
      const name = cleanDeviceName(deviceName.value);
      if (name === '') keptName.clear();
      else keptName.write(name);
      deviceName.value = name || defaultDeviceName(navigator.userAgent);
      return deviceName.value;
    },
    isSecure: isSecureContext,
  };

  session.start(takePageLink({ location, history }), deviceName.value);
  // A second code, read by the camera app, may come to the tab that is open already.
  addEventListener('hashchange', () => {
    const pageLink = takePageLink({ location, history });
    if (pageLink.kind !== 'none') session.start(pageLink, deviceName.value);
  });
  const wake = (): void => {
    if (document.visibilityState !== 'visible') return;
    session.wake();
    parts.keepAwake.renew();
  };
  document.addEventListener('visibilitychange', wake);
  addEventListener('pageshow', wake);
  listenForNetworkChange({
    window,
    navigator,
    onChange: () => session.networkChanged(),
    onHint: () => session.wake(),
  });
  addEventListener('storage', ({ key }) => {
    if (key === null || key === keptComputersKey) computers.refresh();
  });

  effect(() => {
    // With a link, and while the user reads. A fetch that failed is tried again with the next thing that happens.
    if (session.page.value.at === 'start' || connectedScreen.peek()) return;
    loadPeer().catch(() => undefined);
    fetchConnectedScreen().catch(() => undefined);
  });
  effect(() => {
    const page = session.page.value;
    const isInUse =
      page.at === 'session' && (page.state.status === 'connected' || page.state.status === 'reconnecting');
    const isOver = page.at !== 'session' || page.state.status === 'ended';
    if (isInUse) parts.keepAwake.start();
    else if (isOver) parts.keepAwake.stop();
  });

  render(
    <PageProvider value={parts}>
      <App />
    </PageProvider>,
    root,
  );
};

const root = document.getElementById('app');
if (root) start(root);
