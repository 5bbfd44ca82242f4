import { makeLink, parseLink, signalingUrl } from '@proxim/protocol';
import { sessionMessage } from '../generate/messages.js';
import { mutateText, strangeJson, strangeString, strangeValue } from '../generate/strange.js';
import { readMemory, writeMemory } from '../../apps/desktop/src/host/remembered-phone.js';
import { KeptComputers } from '../../apps/mobile/src/kept-computers.js';
import { readRecord, writeRecord } from '../../apps/mobile/src/session-record.js';
import type { KeptText } from '../../apps/mobile/src/storage.js';
import { decodeSessionMessage } from '../../packages/peer/src/common/session-channel.js';
import type { Random } from '../random.js';
import { must, type Target } from '../target.js';

const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';
const base64 = (random: Random, length: number): string => random.bytes(length).toString('base64url');

const anyLink = (random: Random): string => {
  const origin = random.pick(['http://127.0.0.1:47800', 'HTTPS://Example.test', 'http://[::1]:1', 'http://x:99999']);
  const fields = [
    `v=${random.once(8) ? strangeString(random) : '1'}`,
    's=session-1',
    `u=${uuid}`,
    `k=${base64(random, random.once(8) ? 15 : 16)}`,
    ...(random.once(2) ? [`n=${encodeURIComponent(strangeString(random).replace(/\p{Cs}/gu, ''))}`] : []),
    ...(random.once(3) ? [`a=${random.pick(['x:1', 'wss://x/y', '[::1]:2', '%', 'javascript:1', '%2F'])}`] : []),
    ...(random.once(4) ? [`${strangeString(random)}=${strangeString(random)}`] : []),
  ];
  if (random.once(6)) fields.push(random.pick(fields));
  let text = `${origin}${random.pick(['/', '', '//'])}#${fields.join('&')}`;
  for (let left = random.pick([0, 0, 1, 2]); left > 0; left -= 1) text = mutateText(random, text);
  return text;
};

export const links: Target<string> = {
  name: 'links',
  weight: 6,
  open: () => ({
    generate: anyLink,
    feed: (text) => {
      const read = parseLink(text);
      if (!read.ok) {
        must(['not_a_link', 'other_version', 'incomplete'].includes(read.error), `the fault is ${read.error}`);
        return 1;
      }
      must(/^wss?:\/\//i.test(signalingUrl(read.value)), 'signaling is no WebSocket');
      const again = parseLink(makeLink(read.value));
      must(again.ok && makeLink(again.value) === makeLink(read.value), 'written anew, it is another one');
      return 1;
    },
  }),
};

/** Storage that holds a text, and takes another one. */
const keep = (text: string): KeptText => {
  let held: string | undefined = text;
  return {
    read: () => held,
    write: (next) => {
      held = next;
    },
    clear: () => {
      held = undefined;
    },
  };
};

const record = (random: Random): object => ({
  link: `http://127.0.0.1:47800/#v=1&s=session-${random.int(3)}&u=${uuid}&k=${base64(random, 16)}`,
  deviceID: '0123456789abcdef',
  peerToken: base64(random, 16),
  ...(random.once(3) ? {} : { deviceSecret: random.bytes(32).toString('hex') }),
  wasApproved: random.once(2),
  sessionType: 'persistent',
  isKeepAnswered: true,
});

export const records: Target<string> = {
  name: 'phone-records',
  weight: 2,
  open: () => ({
    generate: (random) => strangeJson(random, record(random)),
    feed: (text) => {
      const kept = keep(text);
      const read = readRecord(kept);
      if (read) {
        writeRecord(kept, read);
        must(JSON.stringify(readRecord(kept)) === JSON.stringify(read), 'written anew, it is another one');
      }
      return 1;
    },
  }),
};

export const computers: Target<string> = {
  name: 'kept-computers',
  weight: 2,
  open: () => ({
    generate: (random) => {
      const entry = (): object => ({ ...record(random), name: 'Computer', keptAt: 1, lastUsedAt: random.bits() });
      const list = Array.from({ length: random.int(4) }, entry);
      return strangeJson(random, { version: 1, computers: list });
    },
    feed: (text) => {
      const kept = keep(text);
      const list = new KeptComputers({ kept, wallClock: () => 2 });
      const before = list.list.peek();
      for (const { link, name } of before) {
        must(typeof name === 'string', 'a computer without a name');
        list.used(link.sessionID);
        list.named(link.sessionID, 'Other');
        list.remove(link.sessionID);
      }
      must(list.list.peek().length === 0, 'a computer that cannot be removed');
      for (const computer of list.removed.peek()) list.restore(computer);
      must(list.list.peek().length === before.length, 'a computer that cannot be brought back');
      return 1;
    },
  }),
};

export const phones: Target<string> = {
  name: 'remembered-phones',
  weight: 2,
  open: () => ({
    generate: (random) => {
      const phone = (): object => ({
        sessionID: `session-${random.int(3)}`,
        uuid,
        peerToken: base64(random, 16),
        linkSecret: base64(random, 16),
        deviceSecret: base64(random, 32),
        deviceSecretIsKept: true,
        device: { name: 'Pixel', id: 'device-1' },
        signaling: null,
        label: random.pick([null, 'Mine']),
        lastSeenAt: random.pick([null, 1]),
      });
      const list = Array.from({ length: random.int(4) }, phone);
      return strangeJson(random, { version: 1, port: 47_800, phones: list });
    },
    feed: (text) => {
      const reading = readMemory(text);
      if (reading.kind === 'newer') return 1;
      const anew = writeMemory(reading.memory);
      const again = readMemory(anew);
      must(again.kind === 'whole' && writeMemory(again.memory) === anew, 'written anew, it is another one');
      return 1;
    },
  }),
};

export const sessionMessages: Target<string | Buffer> = {
  name: 'session-channel',
  weight: 6,
  open: () => ({
    generate: (random) => {
      if (random.once(16)) return random.bytes(random.int(64));
      return random.once(32) ? JSON.stringify(strangeValue(random)) : strangeJson(random, sessionMessage(random));
    },
    feed: (data) => {
      const message = decodeSessionMessage(data);
      if (message?.type === 'device_secret') must(message.secret.length === 32, 'a secret of another length');
      return 1;
    },
  }),
};
