import {
  allRights,
  decodeMotion,
  type MotionTotals,
  noRights,
  parsePhoneMessage,
  type PhoneMessage,
  unitsPerPixel,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { effect } from '@preact/signals';
import { describe, expect, it } from 'vitest';

import { ControlSender } from '../../src/control/control-sender.js';
import { OpenChannels } from '../../src/control/open-channels.js';

const makeChannel = (label: string) => {
  const sent: (string | Uint8Array)[] = [];
  let listener: ((data: string | Uint8Array) => void) | undefined;
  const state = { isOpen: true, bufferedBytes: 0 };
  const channel: DirectChannel = {
    label,
    get bufferedBytes() {
      return state.bufferedBytes;
    },
    send: (data) => {
      if (state.isOpen) sent.push(data);
      return state.isOpen;
    },
    onMessage: (next) => (listener = next),
    onClose: () => undefined,
  };
  return { channel, sent, state, receive: (data: string) => listener?.(data) };
};

const makeSender = () => {
  const frames: (() => void)[] = [];
  const sender = new ControlSender({
    deviceName: 'iPhone',
    requestFrame: (callback) => frames.push(callback),
    now: () => 1000,
  });
  const connect = () => {
    const control = makeChannel('control');
    const motion = makeChannel('motion');
    sender.use({ control: control.channel, motion: motion.channel });
    return { control, motion };
  };
  const frame = () => {
    for (const callback of frames.splice(0)) callback();
  };
  return { sender, connect, frame, frames };
};

const messages = (sent: readonly (string | Uint8Array)[]): PhoneMessage[] =>
  sent.map((data) => {
    const read = parsePhoneMessage(String(data));
    if (!read.ok) throw new Error(`${read.fault}: ${String(data)}`);
    return read.message;
  });

const totals = (sent: readonly (string | Uint8Array)[]): MotionTotals[] =>
  sent.map((data) => {
    const read = typeof data === 'string' ? undefined : decodeMotion(data);
    if (!read) throw new Error('No motion.');
    return read;
  });

describe('the control sender', () => {
  it('says who it is when its channels open', () => {
    const { connect } = makeSender();
    expect(messages(connect().control.sent)).toEqual([{ type: 'hello', version: 1, name: 'iPhone' }]);
  });

  it('sends one motion a frame, the sum of what came since the last', () => {
    const { sender, connect, frame } = makeSender();
    const { motion } = connect();
    sender.move(1, 2);
    sender.move(3, 0.5);
    sender.scroll(0, 1);
    expect(motion.sent).toEqual([]);
    frame();
    expect(totals(motion.sent)).toEqual([
      { sequence: 1, x: 4 * unitsPerPixel, y: 2.5 * unitsPerPixel, scrollX: 0, scrollY: 120 },
    ]);
  });

  it('says the last totals again, since a datagram may be lost, and then falls silent', () => {
    const { sender, connect, frame, frames } = makeSender();
    const { motion } = connect();
    sender.move(1, 0);
    for (let count = 0; count < 5; count += 1) frame();
    const sent = totals(motion.sent);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ sequence }) => sequence))).toEqual(new Set([1]));
    expect(frames).toEqual([]);
  });

  it('carries in a button what was not sent yet, so that the click lands where the finger was', () => {
    const { sender, connect, frame } = makeSender();
    const { control, motion } = connect();
    sender.move(10, 0);
    sender.button('left', true);
    sender.button('left', false);
    const at = { sequence: 1, x: 10 * unitsPerPixel, y: 0, scrollX: 0, scrollY: 0 };
    expect(messages(control.sent).slice(1)).toEqual([
      { type: 'button', button: 'left', pressed: true, at },
      { type: 'button', button: 'left', pressed: false, at },
    ]);
    frame();
    expect(totals(motion.sent)).toEqual([at]);
  });

  it('waits with its totals while earlier ones are unsent', () => {
    const { sender, connect, frame } = makeSender();
    const { motion } = connect();
    motion.state.bufferedBytes = 100_000;
    sender.move(1, 0);
    frame();
    sender.move(1, 0);
    frame();
    expect(motion.sent).toEqual([]);
    motion.state.bufferedBytes = 0;
    frame();
    expect(totals(motion.sent)).toMatchObject([{ x: 2 * unitsPerPixel }]);
  });

  it('begins its totals anew with the channels of a new direct connection', () => {
    const { sender, connect, frame } = makeSender();
    connect();
    sender.move(50, 50);
    frame();
    sender.move(1, 1);
    const { control, motion } = connect();
    expect(messages(control.sent)).toHaveLength(1);
    sender.move(1, 0);
    frame();
    expect(totals(motion.sent)).toEqual([{ sequence: 1, x: unitsPerPixel, y: 0, scrollX: 0, scrollY: 0 }]);
  });

  it('drops what cannot be sent, and asks for no more frames', () => {
    const { sender, connect, frame, frames } = makeSender();
    sender.move(5, 5);
    sender.text('lost');
    frame();
    const { control, motion } = connect();
    motion.state.isOpen = false;
    sender.move(5, 5);
    frame();
    expect(frames).toEqual([]);
    expect(messages(control.sent)).toHaveLength(1);
  });

  it('listens to what the computer says of itself, and to nothing that is not understood', () => {
    const { sender, connect } = makeSender();
    const { control } = connect();
    control.receive('{"type":"hello","version":1,"name":"Desk"}');
    control.receive('{"type":"control_state","ready":false,"reason":"no_screen"}');
    const has = { view: false, clipboard: false, system: [] };
    expect(sender.computer.value).toEqual({ name: 'Desk', problem: 'no_screen', may: allRights, has });
    control.receive('{"type":"control_state","ready":true,"may":{"point":true,"type":false}}');
    expect(sender.computer.value).toEqual({
      name: 'Desk',
      problem: null,
      may: { ...noRights, point: true },
      has,
    });
    control.receive('{"type":"control_state","ready":false,"may":{"point":false,"type":false,"clipboard":true}}');
    expect(sender.computer.value.problem).toBe('not_allowed');
    expect(sender.computer.value.may).toEqual({ ...noRights, clipboard: true });
    control.receive('{"type":"control_state","ready":true}');
    control.receive('{"type":"weather","ready":false}');
    control.receive('{');
    expect(sender.computer.value).toEqual({ name: 'Desk', problem: null, may: allRights, has });
  });

  it('takes its channels once, also when the computer has spoken first', () => {
    const { sender } = makeSender();
    const control = makeChannel('control');
    const spoken: DirectChannel = {
      ...control.channel,
      onMessage: (listener) => listener('{"type":"hello","version":1,"name":"Desk"}'),
    };
    const pair = { control: spoken, motion: makeChannel('motion').channel };
    const stop = effect(() => sender.use(pair));
    expect(sender.computer.value.name).toBe('Desk');
    expect(messages(control.sent)).toHaveLength(1);
    stop();
  });

  it('hears no more from the channels before', () => {
    const { sender, connect } = makeSender();
    const before = connect().control;
    connect();
    before.receive('{"type":"hello","version":1,"name":"Old"}');
    expect(sender.computer.value.name).toBeNull();
  });
});

describe('which channels are used', () => {
  it('are the newest of each kind, once the connection is open', () => {
    const channels = new OpenChannels();
    const stale = makeChannel('motion').channel;
    const control = makeChannel('control').channel;
    const motion = makeChannel('motion').channel;
    const clipboard = makeChannel('clipboard').channel;
    channels.add(stale);
    channels.add(control);
    channels.add(clipboard);
    const screen = makeChannel('screen').channel;
    channels.add(makeChannel('later').channel);
    channels.add(screen);
    expect(channels.set.value).toBeUndefined();
    channels.add(motion);
    channels.useNewest();
    expect(channels.set.value).toEqual({ control, motion, clipboard, screen });
  });

  it('stay while a new connection has not opened all of them', () => {
    const channels = new OpenChannels();
    for (const label of ['control', 'motion', 'clipboard', 'screen']) channels.add(makeChannel(label).channel);
    channels.useNewest();
    const before = channels.set.value;
    channels.add(makeChannel('control').channel);
    channels.useNewest();
    expect(channels.set.value).toBe(before);
    expect(before).toBeDefined();
  });
});
