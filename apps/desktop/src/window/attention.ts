import { effect } from '@preact/signals';

import type { Screen } from './current-screen.js';
import { connectedPhones, type Phone } from './phones.js';
import { firstAsked } from './screen-wishes.js';
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
  const wish = screen.name === 'request' || screen.name === 'system' ? undefined : firstAsked(phones);
  if (wish) return texts.windowTitle.asksToSee(wish.phone.name);
  switch (screen.name) {
    case 'request':
      return texts.windowTitle.asks(screen.prompt.deviceInfo.name);
    case 'system':
      return texts.windowTitle.asks(screen.deviceName);
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

/** What is asked, in one sentence, and which question it is; null while nothing is. */
const questionOf = (
  screen: Screen,
  phones: readonly Phone[],
): { readonly sentence: string; readonly tag: string } | null => {
  if (screen.name === 'request') {
    return { sentence: `${screen.prompt.deviceInfo.name}${texts.request.asks}`, tag: screen.prompt.promptID };
  }
  if (screen.name === 'system') {
    const { action, promptID } = screen.question;
    return { sentence: `${screen.deviceName}${texts.system.asks[action]}`, tag: promptID };
  }
  const wish = firstAsked(phones);
  return wish ? { sentence: `${wish.phone.name} ${texts.screen.asks}`, tag: `screen-${wish.screen.share}` } : null;
};

const notify = (sentence: string, tag: string): (() => void) => {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) {
    return () => undefined;
  }
  const notification = new Notification(sentence, { tag, requireInteraction: true });
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

  let asked: string | undefined;
  let withdraw = (): void => undefined;
  effect(() => {
    const question = questionOf(store.screen.value, store.phones.value);
    if (question?.tag === asked) return;
    asked = question?.tag;
    withdraw();
    withdraw = () => undefined;
    if (!question) return;
    window.focus();
    withdraw = notify(question.sentence, question.tag);
  });
};
