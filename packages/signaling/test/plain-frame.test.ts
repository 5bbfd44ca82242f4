import { IncomingMessage } from 'node:http';
import { Socket as TcpSocket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readPlainFrame } from '../src/plain-frame.js';
import { createUpgrader } from '../src/websocket.js';

/** One frame as a client sends it. */
const frameOf = (opcode: number, body: Buffer, { mask = [1, 2, 3, 4], isLast = true } = {}): Buffer => {
  const { length } = body;
  const head = length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 0xff];
  const hidden = body.map((byte, at) => byte ^ mask[at % 4]!);
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode, ...head, ...mask]), hidden]);
};

/** What a test's socket sends is pushed by the test, read by read. */
class Wire extends Duplex {
  readonly written: Buffer[] = [];

  override _read(): void {
    return;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    done();
  }
}

type Heard = readonly [kind: 'text' | 'binary' | 'ping' | 'pong' | 'fault', body: string];

/** A WebSocket of the server on a wire, and what it has told of so far. */
const openWire = (mayBurst: () => boolean = () => true) => {
  const wire = new Wire();
  const heard: Heard[] = [];
  const request = new IncomingMessage(new TcpSocket());
  request.method = 'GET';
  request.headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
  };
  createUpgrader({ maxMessageBytes: 5000 }).upgrade(request, wire, Buffer.alloc(0), () => ({
    onRead: mayBurst,
    onFrame: (bytes, isBinary) => heard.push([isBinary ? 'binary' : 'text', bytes.toString('latin1')]),
    onPing: (data) => heard.push(['ping', data.toString('latin1')]),
    onPong: () => heard.push(['pong', '']),
    onFault: () => heard.push(['fault', '']),
    onEnd: () => undefined,
  }));
  wire.written.length = 0;
  return {
    wire,
    heard,
    /** Resolves once as much has been heard, or when nothing more can come. */
    untilHeard: async (count: number) => {
      for (let turns = 0; heard.length < count && turns < 1000; turns += 1) await nextTurn();
    },
  };
};

const body = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'grapheme', minLength: 100, maxLength: 140 }),
  fc.nat(4900).map((length) => 'x'.repeat(length)),
);
const mask = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => [...bytes]);

interface Sent {
  readonly frames: readonly Buffer[];
  readonly heard: Heard;
}

const textFrame = fc.tuple(body, mask).map(([text, bytes]): Sent => {
  const sent = Buffer.from(text);
  return { frames: [frameOf(1, sent, { mask: bytes })], heard: ['text', sent.toString('latin1')] };
});
const otherFrame = fc
  .tuple(fc.constantFrom(['binary', 2] as const, ['ping', 9] as const, ['pong', 10] as const), fc.nat(125), mask)
  .map(([[kind, opcode], length, bytes]): Sent => {
    const sent = 'y'.repeat(length);
    return {
      frames: [frameOf(opcode, Buffer.from(sent), { mask: bytes })],
      heard: [kind, kind === 'pong' ? '' : sent],
    };
  });
const fragments = fc
  .tuple(fc.array(fc.nat(300), { minLength: 2, maxLength: 4 }), mask)
  .map(([lengths, bytes]): Sent => {
    const frames = lengths.map((length, index) =>
      frameOf(index === 0 ? 1 : 0, Buffer.alloc(length, 'z'), { mask: bytes, isLast: index === lengths.length - 1 }),
    );
    return { frames, heard: ['text', 'z'.repeat(lengths.reduce((sum, length) => sum + length, 0))] };
  });

/** How the bytes come: frame by frame, or cut anywhere; with turns of the event loop in between. */
const arrivals = fc.array(
  fc.record({
    sent: fc.oneof({ weight: 4, arbitrary: textFrame }, otherFrame, fragments),
    joins: fc.boolean(),
    cuts: fc.array(fc.nat(), { maxLength: 2 }),
    turns: fc.nat(3),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('frames, however they come', () => {
  it('[TR2] [SG2] are heard in their order, each once and as it was sent', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.infiniteStream(fc.boolean()), async (list, mayBurst) => {
        const { wire, heard, untilHeard } = openWire(() => mayBurst.next().value === true);
        let waiting = Buffer.alloc(0);
        for (const { sent, joins, cuts, turns } of list) {
          waiting = Buffer.concat([waiting, ...sent.frames]);
          if (joins) continue;
          const places = cuts.map((cut) => cut % (waiting.length + 1)).sort((a, b) => a - b);
          for (const [index, from] of [0, ...places].entries()) {
            wire.push(Buffer.from(waiting.subarray(from, places[index] ?? waiting.length)));
            for (let left = turns; left > 0; left -= 1) await nextTurn();
          }
          waiting = Buffer.alloc(0);
        }
        if (waiting.length > 0) wire.push(waiting);
        await untilHeard(list.length);
        await nextTurn();
        expect(heard).toEqual(list.map(({ sent }) => sent.heard));
        wire.destroy();
      }),
      { numRuns: 400 },
    );
  });

  it('[TR2] a frame that comes alone is heard with the read that brought it, whatever was heard before', async () => {
    const { wire, heard, untilHeard } = openWire();
    await nextTurn();
    const before = [
      [],
      [frameOf(9, Buffer.from('ping'))],
      [frameOf(1, Buffer.from('one'), { isLast: false }), frameOf(10, Buffer.from('')), frameOf(0, Buffer.from('two'))],
      [frameOf(1, Buffer.alloc(4000, 'x')).subarray(0, 2000), frameOf(1, Buffer.alloc(4000, 'x')).subarray(2000)],
    ];
    let count = 0;
    for (const [index, reads] of before.entries()) {
      for (const bytes of reads) wire.push(bytes);
      count += [0, 1, 2, 1][index]!;
      await untilHeard(count);
      await nextTurn();
      wire.push(frameOf(1, Buffer.from(`alone ${String(index)}`)));
      count += 1;
      expect(heard).toHaveLength(count);
      expect(heard.at(-1)).toEqual(['text', `alone ${String(index)}`]);
    }
  });

  it('[TR2] [SG2] what looks like a frame inside another one is none', async () => {
    const { wire, heard, untilHeard } = openWire();
    const inner = frameOf(1, Buffer.from('{"type":"ping"}'));
    const outer = frameOf(2, inner, { mask: [0, 0, 0, 0] });
    const last = outer.length - inner.length;
    for (const cut of [1, 2, last]) {
      wire.push(Buffer.from(outer.subarray(0, cut)));
      await nextTurn();
      if (cut < last) wire.push(Buffer.from(outer.subarray(cut, last)));
      wire.push(Buffer.from(inner));
      await untilHeard(heard.length + 1);
      expect(heard.at(-1)).toEqual(['binary', inner.toString('latin1')]);
      await nextTurn();
    }
    expect(heard).toHaveLength(3);
  });

  const faults: readonly (readonly [string, Buffer, number])[] = [
    ['no UTF-8', frameOf(1, Buffer.from('7b22c3', 'hex')), 1007],
    ['more than a frame may hold', frameOf(1, Buffer.alloc(5001, 'x')), 1009],
    ['no mask', Buffer.from([0x81, 2, 0x7b, 0x7d]), 1002],
    ['a reserved bit', frameOf(0x41, Buffer.from('{}')), 1002],
    ['the rest of a message that has not begun', frameOf(0, Buffer.from('{}')), 1002],
  ];
  for (const [name, bytes, code] of faults) {
    it(`[TR3] ${name}: ${String(code)}, also after frames that were in order`, async () => {
      const { wire, heard, untilHeard } = openWire();
      for (let count = 0; count < 3; count += 1) wire.push(frameOf(1, Buffer.from('{}')));
      wire.push(bytes);
      wire.push(frameOf(1, Buffer.from('after')));
      await untilHeard(4);
      await nextTurn();
      expect(heard).toEqual([...Array.from({ length: 3 }, () => ['text', '{}']), ['fault', '']]);
      const goodbye = Buffer.concat(wire.written);
      expect(goodbye[0]).toBe(0x88);
      expect(goodbye.readUInt16BE(2)).toBe(code);
    });
  }

  it('[TR2] a text does not come in between a message in parts', async () => {
    const { wire, heard, untilHeard } = openWire();
    wire.push(frameOf(1, Buffer.from('begun'), { isLast: false }));
    await nextTurn();
    wire.push(frameOf(1, Buffer.from('{}')));
    await untilHeard(1);
    expect(heard).toEqual([['fault', '']]);
  });
});

describe('readPlainFrame', () => {
  it('[TR2] leaves what it does not read as it was, wherever it lies in memory', () => {
    const odd = [
      Buffer.alloc(0),
      Buffer.from([0x81]),
      Buffer.from([0x81, 0xfe, 0]),
      frameOf(1, Buffer.from('c3', 'hex')),
      frameOf(1, Buffer.alloc(300, 0xff)),
      frameOf(1, Buffer.alloc(101, 'x')),
      frameOf(2, Buffer.from('{}')),
      frameOf(1, Buffer.from('{}'), { isLast: false }),
      Buffer.concat([frameOf(1, Buffer.from('{}')), Buffer.from([0])]),
      frameOf(1, Buffer.from('{}')).subarray(0, -1),
      Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x20]),
    ];
    for (const bytes of odd) {
      for (let shift = 0; shift < 4; shift += 1) {
        const lying = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift);
        expect(readPlainFrame(lying, 100)).toBeUndefined();
        expect(lying).toEqual(bytes);
      }
    }
  });

  it('[TR2] reads every length, wherever it lies in memory', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 7, 124, 125, 126, 127, 128, 129, 4000, 65_535]) {
      const text = Buffer.alloc(length, 'abcdefg');
      for (let shift = 0; shift < 4; shift += 1) {
        const lying = Buffer.concat([Buffer.alloc(shift), frameOf(1, text)]).subarray(shift);
        expect(readPlainFrame(lying, 65_536)).toEqual(text);
      }
    }
  });
});
