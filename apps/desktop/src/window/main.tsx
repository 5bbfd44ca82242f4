import '@proxim/ui/look.css';
import './look/frame.css';
import './look/code.css';
import './look/settings.css';
import './look/request.css';
import './look/control.css';
import './look/phones.css';
import './look/screen.css';

import { effect } from '@preact/signals';
import { render } from 'preact';

import { App } from './app.js';
import { drawAttention } from './attention.js';
import { connectToHost, type HostConnection } from './host-connection.js';
import { canCapture, captureScreen } from './screen-browser.js';
import { ScreenShares } from './screen-shares.js';
import { sharesToKeep } from './screen-wishes.js';
import { takeToken } from './token.js';
import { createWindowStore, type WindowClock } from './window-store.js';

const clock: WindowClock = {
  now: () => Date.now(),
  eventNow: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

let connection: HostConnection | null = null;
const store = createWindowStore(clock, (command) => connection?.send(command) ?? false);

const shares = new ScreenShares(captureScreen, (command) => connection?.send(command));
effect(() => shares.keepOnly(sharesToKeep(store.status.value, store.state.value)));

const connect = (): void => {
  connection?.close();
  const token = takeToken({ location, history, storage: sessionStorage });
  if (token === null) {
    store.status.value = 'refused';
    return;
  }
  connection = connectToHost({
    token,
    canShareScreen: canCapture(),
    openSocket: () => new WebSocket(`ws://${location.host}/window`),
    after: clock.after,
    onStatus: (status) => {
      store.status.value = status;
    },
    onEvent: (event) => {
      if (event.event === 'state' || event.event === 'error') store.receive(event);
      else void shares.receive(event);
    },
  });
};

connect();
drawAttention(store);

window.addEventListener('hashchange', () => {
  // A new run of the app on the same port may open its address in this very tab.
  if (location.hash.length > 1) connect();
});
for (const event of ['focus', 'online', 'pageshow'] as const) {
  window.addEventListener(event, () => connection?.retryNow());
}
document.addEventListener('visibilitychange', () => connection?.retryNow());
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.repeat && !event.isComposing) store.escape(event.timeStamp);
});

const root = document.getElementById('app');
if (root) render(<App store={store} shares={shares} retry={() => connection?.retryNow()} />, root);
