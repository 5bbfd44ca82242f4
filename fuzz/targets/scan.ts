import { parseClientMessage, scanSignal, type SessionID } from '@proxim/protocol';

import { anyCandidate, anyDescription } from '../generate/descriptions.js';
import { anyPayload, clientMessage, someNames } from '../generate/messages.js';
import { mutateText, strangeJson } from '../generate/strange.js';
import type { Random } from '../random.js';
import { must, type Target } from '../target.js';

const sessions = someNames.sessions as readonly SessionID[];

const isAscii = /^[\0-\x7f]*$/;

/** Whether a frame is as plain as those that peers write: then it has to be taken, or the short way is for nobody. */
const isPlain = (text: string, message: object): boolean =>
  Object.keys(message).length === 3 && isAscii.test(text) && !text.includes('[[') && JSON.stringify(message) === text;

/** A payload as our own peers have it, or as others do. */
const somePayload = (random: Random): object => {
  switch (random.int(3)) {
    case 0:
      return { sdp: anyDescription(random), type: random.pick(['offer', 'answer']), auth: 'x'.repeat(43) };
    case 1:
      return { candidate: anyCandidate(random), sdpMid: '0', sdpMLineIndex: random.int(3), usernameFragment: null };
    default:
      return anyPayload(random);
  }
};

const spaces = ['', ' ', '\t', '\r\n', '\v', '\u00a0'];
const marks = [
  ...Array.from('{}[]:,"\\\0 \n-+.eE019utrfx\x7f'),
  ...['\\u0041', '"sdp"', ',"type":"signal"', ',"a":1', '00', '""'],
];

/** Space where it changes nothing, and marks where they change everything. */
const disturb = (random: Random, text: string): string => {
  switch (random.int(4)) {
    case 0:
      return text.replaceAll(/[{}[\]:,]/g, (mark) => (random.once(3) ? `${random.pick(spaces)}${mark}` : mark));
    case 1:
      return mutateText(random, text);
    default: {
      const at = random.int(text.length + 1);
      return text.slice(0, at) + random.pick(marks) + text.slice(at + random.int(3));
    }
  }
};

/** The short way of a signal and the general one: what the first takes the second reads as the same. */
export const scan: Target<Buffer> = {
  name: 'signal-scan',
  weight: 22,
  open: () => {
    let fed = 0;
    let taken = 0;
    return {
      generate: (random) => {
        const signal = { type: 'signal', sessionID: random.pick(sessions), payload: somePayload(random) };
        if (random.once(8)) return Buffer.from(strangeJson(random, clientMessage(random, someNames)));
        let text = random.once(4) ? strangeJson(random, signal) : JSON.stringify(signal);
        for (let left = random.int(3); left > 0; left -= 1) text = disturb(random, text);
        const bytes = Buffer.from(text);
        if (random.once(8) && bytes.length > 0) bytes[random.int(bytes.length)] = random.bits();
        return bytes;
      },
      feed: (bytes) => {
        fed += 1;
        const text = bytes.toString();
        const found = scanSignal(bytes, sessions);
        const read = parseClientMessage(text);
        const message = read.ok && read.value.type === 'signal' ? read.value : undefined;
        if (found !== undefined) {
          taken += 1;
          must(isAscii.test(text), 'takes what is not ASCII');
          must(message?.sessionID === found, `takes for a signal of ${found} what is read otherwise`);
        } else if (message && sessions.includes(message.sessionID)) {
          must(!isPlain(text, message), 'does not take a plain signal');
        }
        return 1;
      },
      close: () => {
        must(fed < 1000 || taken * 10 > fed, `takes ${taken} of ${fed} only`);
        return Promise.resolve();
      },
    };
  },
};
