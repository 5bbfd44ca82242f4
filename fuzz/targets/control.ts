import { decodeMotion, encodeMotion, parseDesktopMessage, parsePhoneMessage } from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';

import type { InputBackend } from '../../apps/desktop/src/backends/input/input-backend.js';
import { ControlReceiver } from '../../apps/desktop/src/host/control-receiver.js';
import { controlMessage } from '../generate/messages.js';
import { strangeJson } from '../generate/strange.js';
import type { Random } from '../random.js';
import { must, type Target } from '../target.js';

export const phoneMessages: Target<string> = {
  name: 'control-messages',
  weight: 8,
  open: () => ({
    generate: (random) => strangeJson(random, controlMessage(random)),
    feed: (text) => {
      for (const result of [parsePhoneMessage(text), parseDesktopMessage(text)]) {
        if (!result.ok) must(['not_json', 'unknown_type', 'bad_fields'].includes(result.fault), 'a fault of no name');
      }
      return 1;
    },
  }),
};

/** 21 bytes as they should be, or fewer, more, others. */
const anyMotion = (random: Random): Buffer => {
  const bytes = random.bytes(random.once(3) ? random.int(64) : 21);
  if (!random.once(8) && bytes.length > 0) bytes[0] = 1;
  return bytes;
};

export const motions: Target<Buffer> = {
  name: 'motion',
  weight: 6,
  open: () => ({
    generate: anyMotion,
    feed: (bytes) => {
      const totals = decodeMotion(bytes);
      must(
        (totals !== undefined) === (bytes.length === 21 && bytes[0] === 1),
        'read what is none, or did not read one',
      );
      if (totals) must(Buffer.from(encodeMotion(totals)).equals(bytes), 'written anew, it is another one');
      return 1;
    },
  }),
};

/** A computer that holds what it is told to, and checks each call. */
const fakeInput = (held: Set<string>): InputBackend => {
  const hold = (name: string, pressed: boolean): void => {
    if (pressed) held.add(name);
    else held.delete(name);
  };
  const whole = (value: number): void =>
    must(Number.isInteger(value) && Math.abs(value) <= 2 ** 31, `moves by ${value}`);
  return {
    name: 'fake',
    panicKey: null,
    move: (dx, dy) => {
      whole(dx);
      whole(dy);
    },
    scroll: (x, y) => {
      whole(x);
      whole(y);
    },
    button: (button, pressed) => {
      hold(`button ${button}`, pressed);
    },
    text: (text) => {
      must(!/\p{Cs}/u.test(text) && !text.includes('\0') && text.length <= 8192, 'types what cannot be typed');
    },
    key: ({ code, key }, pressed) => {
      must(!/[\p{Cc}\p{Cs}]/u.test(code + key), 'a key of no name');
      // Two names of one place are one key, as a keyboard has it.
      hold(`key ${code === '' || code === 'Unidentified' ? key : code}`, pressed);
    },
    releaseAll: () => {
      held.clear();
    },
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
};

type Heard = (data: string | Uint8Array) => void;

/** Both channels of one phone, from the first message to its end. */
export const receivers: Target<readonly (string | Buffer)[]> = {
  name: 'control-receiver',
  weight: 6,
  open: () => ({
    generate: (random) =>
      Array.from({ length: 1 + random.int(30) }, () =>
        random.once(3) ? anyMotion(random) : strangeJson(random, controlMessage(random)),
      ),
    feed: (messages) => {
      const held = new Set<string>();
      const receiver = new ControlReceiver({
        computerName: 'Computer',
        input: () => input,
        problem: () => null,
        isLast: () => false,
      });
      const input = fakeInput(held);
      const heard: Heard[] = [];
      const ends: (() => void)[] = [];
      const channel = (label: string): DirectChannel => ({
        label,
        bufferedBytes: 0,
        send: (data) => {
          must(typeof data === 'string' && parseDesktopMessage(data).ok, 'says what a phone cannot read');
          return true;
        },
        onMessage: (listener) => void heard.push(listener),
        onClose: (listener) => void ends.push(listener),
      });
      receiver.accept(channel('control'));
      receiver.accept(channel('motion'));
      for (const [index, message] of messages.entries()) {
        // Either channel may carry the other's.
        for (const listener of index % 7 === 0 ? heard : heard.slice(typeof message === 'string' ? 0 : 1)) {
          listener(message);
        }
      }
      for (const end of ends) end();
      must(held.size === 0, `${[...held].join(', ')} stays pressed`);
      return messages.length;
    },
  }),
};
