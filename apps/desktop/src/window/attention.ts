import { effect } from '@preact/signals';

import type { Screen } from './current-screen.js';
import { connectedPhones, type Phone } from './phones.js';
import { texts } from './texts/en.js';
import type { WindowStore } from './window-store.js';

/** Whether it makes sense to offer notifications: they exist, and the user has not decided yet. */
export const canAskToNotify = (): boolean => 'Notification' in window && Notification.permission === 'default';

const phonesTitle = (phones: readonly Phone[]): string => {
  const connected = connectedPhones(phones);
  const [first] = connected;
  if (!first) return texts.windowTitle.plain;
  return connected.length === 1 ? texts.windowTitle.connected(first.name) : texts.windowTitle.several(connected.length);
};

const titleOf = (screen: Screen, phones: readonly Phone[]): string => {
  switch (screen.name) {
    case 'request':
      return texts.windowTitle.asks(screen.prompt.deviceInfo.name);
    case 'control':
    case 'code':
      return phonesTitle(phones);
    case 'ended':
      return texts.windowTitle.ended;
    case 'starting':
    case 'refused':
      return texts.windowTitle.plain;
    default:
      screen satisfies never;
      return texts.windowTitle.plain;
  }
};

const notify = (name: string, promptID: string): (() => void) => {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) {
    return () => undefined;
  }
  const notification = new Notification(`${name}${texts.request.asks}`, { tag: promptID, requireInteraction: true });
  notification.onclick = () => {
    window.focus();
    notification.close();
  };
  return () => {
    notification.close();
  };
};

/** Draws the user to a question: the window's title, a notification if they are allowed, and the window itself. */
export const drawAttention = (store: WindowStore): void => {
  effect(() => {
    document.title = titleOf(store.screen.value, store.phones.value);
  });

  let asked: string | null = null;
  let withdraw = (): void => undefined;
  effect(() => {
    const screen = store.screen.value;
    const promptID = screen.name === 'request' ? screen.prompt.promptID : null;
    if (promptID === asked) return;
    asked = promptID;
    withdraw();
    withdraw = () => undefined;
    if (screen.name !== 'request') return;
    window.focus();
    withdraw = notify(screen.prompt.deviceInfo.name, screen.prompt.promptID);
  });
};
