import { allRights, noRights, parseScreenDesktopMessage, parseScreenPhoneMessage } from '@proxim/control';
import type { SessionID } from '@proxim/protocol';

import { screenReceivers } from '../../apps/desktop/src/host/screen-receiver.js';
import { ScreenSharing, type ScreenWindow } from '../../apps/desktop/src/host/screen-sharing.js';
import { SessionControl } from '../../apps/desktop/src/host/session-control.js';
import { screenMessage } from '../generate/messages.js';
import { strangeJson } from '../generate/strange.js';
import { must, type Target } from '../target.js';

export const screenMessages: Target<string> = {
  name: 'screen-messages',
  weight: 4,
  open: () => ({
    generate: (random) => strangeJson(random, screenMessage(random)),
    feed: (text) => {
      for (const result of [parseScreenPhoneMessage(text), parseScreenDesktopMessage(text)]) {
        if (!result.ok) must(['not_json', 'unknown_type', 'bad_fields'].includes(result.fault), 'a fault of no name');
      }
      return 1;
    },
  }),
};

interface Visit {
  readonly messages: readonly string[];
  /** Before which message the right is taken away, or given. */
  readonly turns: readonly number[];
}

const sessionID = 'session-1' as SessionID;
const sdp = 'v=0\r\ns=-\r\n';
const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.7 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };

/** One phone's whole visit, with a window whose user always says yes. */
export const screenReceiver: Target<Visit> = {
  name: 'screen-receiver',
  weight: 4,
  open: () => ({
    generate: (random) => ({
      messages: Array.from({ length: 1 + random.int(30) }, () => strangeJson(random, screenMessage(random))),
      turns: Array.from({ length: random.int(4) }, () => random.int(30)),
    }),
    feed: ({ messages, turns }) => {
      let may = true;
      let hear: ((text: string) => void) | undefined;
      let now = 0;
      const sharing = new ScreenSharing({
        clock: { now: () => now, setTimer: () => ({ cancel: () => undefined }) },
        addresses: () => ['192.0.2.7'],
        iceServers: () => [],
        onChange: () => undefined,
        onNews: () => undefined,
      });
      const window: ScreenWindow = {
        send: () => {
          must(may, 'a window hears a phone that may not see the screen');
        },
      };
      sharing.addWindow(window);
      const control = new SessionControl([
        screenReceivers({ sessionID, sharing, rights: () => (may ? allRights : noRights), isPaused: () => false }),
      ]);
      control.accept({
        label: 'screen',
        bufferedBytes: 0,
        send: (data) => {
          const read = typeof data === 'string' ? parseScreenDesktopMessage(data) : undefined;
          must(read?.ok === true, 'says what a phone cannot read');
          const isOffered = read?.ok === true && read.message.type !== 'screen_state';
          must(may || !isOffered, 'offers the screen to a phone that may not see it');
          return true;
        },
        onMessage: (listener) => (hear = listener),
        onClose: () => undefined,
      });
      for (const [index, message] of messages.entries()) {
        if (turns.includes(index)) {
          may = !may;
          control.rightsChanged();
        }
        must(may || sharing.of(sessionID) === null, 'goes on without the right');
        hear?.(message);
        const share = sharing.of(sessionID)?.share;
        if (share !== undefined) {
          sharing.carryOut(window, { command: 'screen_offer', share, sdp });
          sharing.carryOut(window, { command: 'screen_candidate', share, ...candidate });
        }
        now += 1000;
      }
      control.stop();
      must(sharing.of(sessionID) === null, 'a phone that has left still sees the screen');
      return messages.length;
    },
  }),
};
