import type { WindowCommand, WindowEvent } from '../host/window-protocol.js';
import { readWindowEvent } from './read-event.js';
import { isProbablyEnded, retryDelay } from './retry.js';

/** How this page stands with the app that it is the window of. */
export type HostStatus =
  | 'connecting'
  | 'open'
  /** It was open, and is tried again. */
  | 'lost'
  /** Nobody answers; it is still tried, now and then. */
  | 'ended'
  /** The app does not know this page's token: the page is of an earlier run. */
  | 'refused';

/** What is needed of a browser's WebSocket. */
export type HostSocket = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'>;

export interface HostConnectionDependencies {
  readonly token: string;
  /** Whether this browser can capture the screen. */
  readonly canShareScreen: boolean;
  readonly openSocket: () => HostSocket;
  /** Runs `task` after so many milliseconds; the result calls it off. */
  readonly after: (ms: number, task: () => void) => () => void;
  readonly onStatus: (status: HostStatus) => void;
  readonly onEvent: (event: WindowEvent) => void;
}

export interface HostConnection {
  /** False when there is nobody to hear it. */
  readonly send: (command: WindowCommand) => boolean;
  /** Tries at once instead of waiting on: the computer has woken up, or the window was brought to the front. */
  readonly retryNow: () => void;
  readonly close: () => void;
}

/** RFC 6455, 7.4.1: what a server closes with when a message breaks its rules; here, a token that is not its own. */
const policyViolation = 1008;

type Link =
  | { readonly step: 'opening' | 'greeted' | 'open'; readonly socket: HostSocket }
  | { readonly step: 'waiting'; readonly cancel: () => void }
  | { readonly step: 'done' };

/** Keeps the window connected to its app, and says hello each time. */
export const connectToHost = (dependencies: HostConnectionDependencies): HostConnection => {
  const { token, canShareScreen, openSocket, after, onStatus, onEvent } = dependencies;
  let failures = 0;
  /** How many greetings in a row brought nothing but the end of the connection. */
  let unanswered = 0;
  let wasOpen = false;
  let link: Link = { step: 'done' };

  const receive = (socket: HostSocket, text: string): void => {
    const event = readWindowEvent(text);
    if (event === null) return;
    if (event.event === 'error' && event.code === 'unauthorized') {
      finish(socket, 'refused');
      return;
    }
    if (event.event === 'state' && link.step !== 'open') {
      link = { step: 'open', socket };
      failures = 0;
      unanswered = 0;
      wasOpen = true;
      onStatus('open');
    }
    onEvent(event);
  };

  const finish = (socket: HostSocket, status: HostStatus): void => {
    link = { step: 'done' };
    socket.close();
    onStatus(status);
  };

  const open = (): void => {
    const socket = openSocket();
    link = { step: 'opening', socket };
    // A socket that was replaced or given up may still speak: only the present one is heard.
    const isCurrent = (): boolean => 'socket' in link && link.socket === socket;
    socket.onopen = () => {
      if (!isCurrent()) return;
      link = { step: 'greeted', socket };
      socket.send(JSON.stringify({ command: 'hello', token, canShareScreen } satisfies WindowCommand));
    };
    socket.onmessage = (message: MessageEvent<unknown>) => {
      if (isCurrent() && typeof message.data === 'string') receive(socket, message.data);
    };
    socket.onclose = (event) => {
      if (!isCurrent()) return;
      // Twice heard and twice hung up on without a word: it is the token, however the app closes.
      if (event.code === policyViolation || (link.step === 'greeted' && unanswered > 0)) {
        finish(socket, 'refused');
        return;
      }
      unanswered = link.step === 'greeted' ? unanswered + 1 : 0;
      failures += 1;
      link = { step: 'waiting', cancel: after(retryDelay(failures), open) };
      onStatus(isProbablyEnded(failures) ? 'ended' : wasOpen ? 'lost' : 'connecting');
    };
  };

  onStatus('connecting');
  open();

  return {
    send: (command) => {
      if (link.step !== 'open') return false;
      link.socket.send(JSON.stringify(command));
      return true;
    },
    retryNow: () => {
      if (link.step !== 'waiting') return;
      link.cancel();
      open();
    },
    close: () => {
      const before = link;
      link = { step: 'done' };
      if (before.step === 'waiting') before.cancel();
      else if (before.step !== 'done') before.socket.close();
    },
  };
};
