import type { Random } from '../random.js';
import { clientMessage, type Names } from './messages.js';
import { strangeJson } from './strange.js';

/** One WebSocket frame as a client writes it (RFC 6455, section 5.2), with whatever is to be wrong about it. */
export const writeFrame = (options: {
  readonly opcode: number;
  readonly body: Buffer;
  readonly isLast?: boolean;
  readonly reserved?: number;
  readonly mask?: Buffer | null;
  readonly told?: number;
}): Buffer => {
  const { opcode, body, isLast = true, reserved = 0, mask = Buffer.from([1, 2, 3, 4]), told = body.length } = options;
  const first = (isLast ? 0x80 : 0) | (reserved << 4) | opcode;
  const masked = mask ? 0x80 : 0;
  let head: Buffer;
  if (told < 126) head = Buffer.from([first, masked | told]);
  else if (told < 0x1_0000) head = Buffer.from([first, masked | 126, told >> 8, told & 0xff]);
  else {
    head = Buffer.alloc(10);
    head.writeUInt16BE((first << 8) | masked | 127);
    head.writeBigUInt64BE(BigInt(told), 2);
  }
  const hidden = mask ? Buffer.from(body.map((byte, at) => byte ^ mask[at % 4]!)) : body;
  return Buffer.concat([head, ...(mask ? [mask] : []), hidden]);
};

const malformed = ['c080', 'eda080', 'ff', 'e282', 'f4908080', '7b22c3'].map((hex) => Buffer.from(hex, 'hex'));

/** A text in one frame or in several, with pings in between. */
const fragmented = (random: Random, text: Buffer): Buffer => {
  const parts: Buffer[] = [];
  let from = 0;
  const count = 1 + random.int(5);
  for (let part = 0; part < count; part += 1) {
    const isLast = part === count - 1;
    const to = isLast ? text.length : from + random.int(text.length - from + 1);
    parts.push(writeFrame({ opcode: part === 0 ? 1 : 0, body: text.subarray(from, to), isLast }));
    if (!isLast && random.once(4)) parts.push(writeFrame({ opcode: 9, body: random.bytes(random.int(20)) }));
    from = to;
  }
  return Buffer.concat(parts);
};

/** What a connection says: frames that are in order, and now and then one that ends it. */
export const anyFrame = (random: Random, names: Names): Buffer => {
  const message = clientMessage(random, names);
  const text = Buffer.from(random.once(2) ? JSON.stringify(message) : strangeJson(random, message));
  switch (random.int(100)) {
    case 0:
      return writeFrame({ opcode: 1, body: Buffer.concat([text, random.pick(malformed)]) });
    case 1:
      return writeFrame({ opcode: 2, body: text });
    case 2:
      return writeFrame({ opcode: 1, body: text, mask: null });
    case 3:
      return writeFrame({ opcode: 1, body: text, reserved: 1 + random.int(7) });
    case 4:
      return writeFrame({ opcode: 3 + random.int(5), body: text });
    case 5:
      return writeFrame({ opcode: random.pick([8, 9, 10]), body: random.bytes(126 + random.int(9)) });
    case 6:
      return writeFrame({ opcode: 9, body: text.subarray(0, 20), isLast: false });
    case 7:
      return writeFrame({ opcode: 0, body: text });
    case 8:
      return writeFrame({
        opcode: 8,
        body: random.pick([Buffer.alloc(0), random.bytes(1), random.bytes(2), random.bytes(40)]),
      });
    case 9:
      return writeFrame({
        opcode: 1,
        body: text,
        told: random.pick([65_537, 2 ** 31, 2 ** 32, 2 ** 53, text.length + 1]),
      });
    case 10:
      return writeFrame({ opcode: 1, body: Buffer.alloc(random.pick([65_535, 65_536, 65_537, 200_000]), 0x20) });
    case 11:
      return random.bytes(1 + random.int(200));
    case 12:
    case 13:
    case 14:
      return writeFrame({ opcode: 9, body: random.bytes(random.int(126)) });
    case 15:
    case 16:
      return writeFrame({ opcode: 10, body: random.bytes(random.int(126)) });
    case 17:
    case 18:
    case 19:
    case 20:
      return fragmented(random, text);
    default:
      return writeFrame({ opcode: 1, body: text, mask: random.bytes(4) });
  }
};
