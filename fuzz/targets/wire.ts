import {
  type ParseFailure,
  parseClientMessage,
  parseServerMessage,
  readSignal,
  type Result,
  type Signal,
} from '@proxim/protocol';

import { anyPayload, clientMessage, serverMessage, someNames } from '../generate/messages.js';
import { mutate, strangeJson } from '../generate/strange.js';
import { must, type Target } from '../target.js';

const hidden = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

const checkFailure = ({ code, message, replyTo, sessionID }: ParseFailure): void => {
  must(['bad_message', 'unknown_type'].includes(code), `the code is ${code}`);
  must(message.length < 100, 'the sentence has grown');
  must(replyTo === undefined || /^[\w-]{1,64}$/.test(replyTo), 'replyTo repeats what it must not');
  must(sessionID === undefined || /^[\w-]{6,64}$/.test(sessionID), 'sessionID repeats what it must not');
};

/** Whether a value is deeper than anybody needs. */
const isDeep = (value: unknown, depth = 0): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  return depth > 500 || Object.values(value).some((inner) => isDeep(inner, depth + 1));
};

const checkResult = (result: Result<object, ParseFailure>, parse: (text: string) => { readonly ok: boolean }): void => {
  if (!result.ok) {
    checkFailure(result.error);
    return;
  }
  const message: Readonly<Record<string, unknown>> = { ...result.value };
  must(typeof message['type'] === 'string', 'a message without a type');
  const { deviceInfo } = message;
  if (typeof deviceInfo === 'object' && deviceInfo !== null && 'name' in deviceInfo) {
    must(typeof deviceInfo.name === 'string' && !hidden.test(deviceInfo.name), 'a name that disguises itself');
  }
  // What is deep is read, and cannot be written: whoever passes a message on passes its text on.
  const anew = isDeep(message) ? undefined : JSON.stringify(message);
  // `1e999` is read as Infinity, which JSON writes as null.
  must(anew === undefined || parse(anew).ok || anew.includes(':null'), 'not read when written anew');
};

const checkSignal = (signal: Signal): void => {
  switch (signal.kind) {
    case 'description':
      must(typeof signal.sdp === 'string', 'an sdp that is no text');
      must([undefined, 'offer', 'answer'].includes(signal.type), 'a description of no type');
      must(signal.auth === undefined || typeof signal.auth === 'string', 'an auth that is no text');
      break;
    case 'candidate': {
      const { candidate, sdpMLineIndex } = signal.candidate;
      must(typeof candidate === 'string', 'a candidate that is no text');
      must(sdpMLineIndex === null || (Number.isInteger(sdpMLineIndex) && sdpMLineIndex >= 0), 'an index that is none');
      break;
    }
    case 'refused':
      must(typeof signal.code === 'string', 'a refusal without a code');
      break;
    case 'unreadable':
      break;
    default:
      signal satisfies never;
  }
};

export const clientMessages: Target<string> = {
  name: 'client-messages',
  weight: 22,
  open: () => ({
    generate: (random) => strangeJson(random, clientMessage(random, someNames)),
    feed: (text) => {
      checkResult(parseClientMessage(text), parseClientMessage);
      return 1;
    },
  }),
};

export const serverMessages: Target<string> = {
  name: 'server-messages',
  weight: 16,
  open: () => ({
    generate: (random) => strangeJson(random, serverMessage(random)),
    feed: (text) => {
      checkResult(parseServerMessage(text), parseServerMessage);
      return 1;
    },
  }),
};

/** Also what no JSON says: a payload is whatever the caller has. */
export const signalPayloads: Target = {
  name: 'signal-payloads',
  weight: 10,
  open: () => ({
    generate: (random) => {
      let payload: unknown = anyPayload(random);
      for (let left = random.int(4); left > 0; left -= 1) payload = mutate(random, payload);
      return payload;
    },
    feed: (payload) => {
      checkSignal(readSignal(payload));
      return 1;
    },
  }),
};
