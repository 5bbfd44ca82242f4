import {
  type ClipboardArriving,
  maxClipboardBytes,
  parseClipboardDesktopMessage,
  parseClipboardPhoneMessage,
  splitClipboardText,
  takePart,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';

import type { ClipboardBackend } from '../../apps/desktop/src/backends/clipboard/clipboard-backend.js';
import { ClipboardReceiver } from '../../apps/desktop/src/host/clipboard-receiver.js';
import { clipboardMessage } from '../generate/messages.js';
import { strangeJson, strangeString } from '../generate/strange.js';
import { must, type Target } from '../target.js';

/** Texts cut and put together, and messages read, in any order. */
export const clipboardMessages: Target<readonly string[]> = {
  name: 'clipboard-messages',
  weight: 2,
  open: () => ({
    generate: (random) =>
      Array.from({ length: 1 + random.int(20) }, () => strangeJson(random, clipboardMessage(random))),
    feed: (texts) => {
      let arriving: ClipboardArriving | undefined;
      for (const text of texts) {
        const read = parseClipboardPhoneMessage(text);
        must(read.ok || ['not_json', 'unknown_type', 'bad_fields'].includes(read.fault), 'a fault of no name');
        parseClipboardDesktopMessage(text);
        if (!read.ok || read.message.type !== 'clipboard_set') continue;
        const step = takePart(arriving, read.message);
        arriving = step.kind === 'arriving' ? step.arriving : undefined;
        must((arriving?.bytes ?? 0) <= maxClipboardBytes, 'more is kept than may be');
        if (step.kind === 'complete') must(splitClipboardText(step.text).ok, 'what came cannot go back');
      }
      // Any text may be on a clipboard.
      const [any = ''] = texts;
      const split = splitClipboardText(any);
      if (split.ok) {
        const again = split.parts.join('');
        must(!/[\p{Cs}\0]/u.test(again), 'sends what is not read');
        must(/[\p{Cs}\0]/u.test(any) || again === any, 'sends another text');
      }
      return texts.length;
    },
  }),
};

/** What happens to one phone's channel: a message, the right given or taken, a silence. */
type Happening = { readonly says: string } | { readonly isAllowed: boolean } | { readonly isSilent: true };

/** One phone's channel from its first message to its end, with a right that comes and goes. */
export const clipboardReceivers: Target<readonly Happening[]> = {
  name: 'clipboard-receiver',
  weight: 3,
  open: () => ({
    generate: (random) =>
      Array.from({ length: 1 + random.int(30) }, (): Happening => {
        if (random.once(6)) return { isAllowed: random.once(2) };
        if (random.once(12)) return { isSilent: true };
        return { says: random.once(3) ? strangeString(random) : strangeJson(random, clipboardMessage(random)) };
      }),
    feed: async (happenings) => {
      let isAllowed = true;
      let isOver = false;
      const backend: ClipboardBackend = {
        read: () => Promise.resolve({ kind: 'text', text: 'x'.repeat(100_000) }),
        write: () => {
          must(isAllowed && !isOver, 'writes what nobody allows');
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      };
      const receiver = new ClipboardReceiver({
        open: () => Promise.resolve(backend),
        isAllowed: () => isAllowed,
        rate: { take: () => true },
        onUse: () => undefined,
      });
      let heard: ((data: string | Uint8Array) => void) | undefined;
      let ended: (() => void) | undefined;
      const channel: DirectChannel = {
        label: 'clipboard',
        bufferedBytes: 0,
        send: (data) => {
          const read = parseClipboardDesktopMessage(String(data));
          must(read.ok, 'says what a phone cannot read');
          if (read.ok && read.message.type === 'clipboard_text') must(isAllowed && !isOver, 'sends what nobody allows');
          return true;
        },
        onMessage: (listener) => (heard = listener),
        onClose: (listener) => (ended = listener),
      };
      receiver.accept(channel);
      for (const [index, happening] of happenings.entries()) {
        if ('isAllowed' in happening) {
          ({ isAllowed } = happening);
          receiver.rightsChanged();
        } else if ('isSilent' in happening) receiver.release();
        else heard?.(happening.says);
        // Some of what was begun goes on before the next thing happens.
        if (index % 3 === 0) await Promise.resolve();
      }
      isOver = true;
      ended?.();
      await Promise.resolve();
      return happenings.length;
    },
  }),
};
