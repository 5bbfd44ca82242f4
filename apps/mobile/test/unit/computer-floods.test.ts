import type { DirectChannel } from '@proxim/peer';
import { describe, expect, it } from 'vitest';

import { ControlSender } from '../../src/control/control-sender.js';

/** A sender whose computer is the test, and how often the screen would be drawn anew. */
const setUp = () => {
  const frames: (() => void)[] = [];
  const sender = new ControlSender({
    deviceName: 'iPhone',
    requestFrame: (callback) => frames.push(callback),
    now: () => 0,
  });
  let listener: ((data: string) => void) | undefined;
  const channelOf = (label: string): DirectChannel => ({
    label,
    bufferedBytes: 0,
    send: () => true,
    onMessage: (next) => {
      if (label === 'control') listener = next;
    },
    onClose: () => undefined,
  });
  sender.use({ control: channelOf('control'), motion: channelOf('motion') });
  const drawn = { times: 0 };
  sender.computer.subscribe(() => {
    drawn.times += 1;
  });
  drawn.times = 0;
  return {
    sender,
    drawn,
    say: (message: object) => {
      listener?.(JSON.stringify(message));
    },
    frame: () => {
      for (const callback of frames.splice(0)) callback();
    },
  };
};

describe('a computer that says ever more of itself', () => {
  it('draws the screen a few times a frame, and what it said last stays', () => {
    const { sender, drawn, say, frame } = setUp();
    for (let count = 0; count < 10_000; count += 1) {
      say({ type: 'hello', version: 1, name: `Desk ${String(count)}` });
      say({ type: 'control_state', ready: false, reason: count % 2 === 0 ? 'paused' : 'no_screen' });
    }
    expect(drawn.times).toBeLessThanOrEqual(8);
    frame();
    expect(drawn.times).toBeLessThanOrEqual(9);
    expect(sender.computer.value).toMatchObject({ name: 'Desk 9999', problem: 'no_screen' });
    say({ type: 'control_state', ready: true });
    expect(sender.computer.value).toMatchObject({ name: 'Desk 9999', problem: null });
  });

  it.each([
    ['a name that turns the text around', { type: 'hello', version: 1, name: 'Desk\u202egnp.exe' }],
    ['a name of 10,000 characters', { type: 'hello', version: 1, name: 'x'.repeat(10_000) }],
    ['a name that is none', { type: 'hello', version: 1, name: { toString: 'x' } }],
    ['a reason that is a sentence', { type: 'control_state', ready: false, reason: 'Call <b>this number</b>' }],
    ['rights that are none', { type: 'control_state', ready: true, may: { point: 'yes', type: 1 } }],
    [
      'features without an end',
      {
        type: 'control_state',
        ready: true,
        has: { view: true, clipboard: true, system: Array.from({ length: 9 }, () => 'lock') },
      },
    ],
  ])('is not believed in %s', (_what, message) => {
    const { sender, say } = setUp();
    const before = sender.computer.peek();
    say(message);
    expect(sender.computer.peek()).toBe(before);
  });
});
