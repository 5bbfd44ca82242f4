import { addMotion, emptyMotionSum, encodeMotion } from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { describe, expect, it } from 'vitest';

import type { InputBackend } from '../../src/backends/input/input-backend.js';
import { ControlReceiver } from '../../src/host/control-receiver.js';
import { newInputBudget } from '../../src/host/input-budget.js';

/** A channel whose other end is the test. */
const testChannel = (label: string) => {
  let listener: ((data: string | Uint8Array) => void) | undefined;
  const channel: DirectChannel = {
    label,
    bufferedBytes: 0,
    send: () => true,
    onMessage: (next) => {
      listener = next;
    },
    onClose: () => undefined,
  };
  return {
    channel,
    say: (message: object | Uint8Array) => {
      listener?.(message instanceof Uint8Array ? message : JSON.stringify(message));
    },
  };
};

/** A phone whose every channel has the same budget, and what reaches the screen of what it sends. */
const setUp = () => {
  const clock = { at: 0, now: () => clock.at };
  const done = { pressed: 0, released: 0, text: 0, x: 0, notches: 0 };
  const count = (pressed: boolean): void => {
    if (pressed) done.pressed += 1;
    else done.released += 1;
  };
  const input: InputBackend = {
    name: 'counter',
    panicKey: null,
    move: (dx) => (done.x += dx),
    button: (_, pressed) => {
      count(pressed);
    },
    scroll: (x, y) => (done.notches += Math.abs(x) + Math.abs(y)),
    text: (text) => (done.text += text.length),
    key: (_, pressed) => {
      count(pressed);
    },
    releaseAll: () => undefined,
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const affords = newInputBudget(clock);
  const connect = () => {
    const receiver = new ControlReceiver({
      computerName: 'desk',
      input: () => input,
      problem: () => null,
      affords,
      isLast: () => true,
    });
    const control = testChannel('control');
    const motion = testChannel('motion');
    receiver.accept(control.channel);
    receiver.accept(motion.channel);
    return { receiver, control, motion };
  };
  return { clock, done, connect, ...connect() };
};

const key = (pressed: boolean, code = 'KeyA') => ({ type: 'key', code, key: 'a', pressed });
const times = (count: number, act: (index: number) => void): void => {
  for (let index = 0; index < count; index += 1) act(index);
};

describe('what one phone may do', () => {
  it('is 2000 presses at once, and 1000 a second from then on', () => {
    const { clock, done, control } = setUp();
    const pressAndRelease = (): void => {
      control.say(key(true));
      control.say(key(false));
    };
    times(5000, pressAndRelease);
    expect(done.pressed).toBe(2000);
    clock.at = 1000;
    times(5000, pressAndRelease);
    expect(done.pressed).toBe(3000);
  });

  it('is enough for the fastest fingers: a pad of 240 frames a second, typing and clicking', () => {
    const { clock, done, control, motion } = setUp();
    let sum = emptyMotionSum;
    times(240 * 60, (frame) => {
      clock.at = (frame * 1000) / 240;
      sum = addMotion(sum, { x: 3, ...(frame % 5 === 0 ? { scrollY: 1 } : {}) });
      motion.say(encodeMotion(sum.totals));
      if (frame % 10 !== 0) return;
      control.say(key(true));
      control.say(key(false));
      control.say({ type: 'button', button: 'left', pressed: true, at: sum.totals });
      control.say({ type: 'button', button: 'left', pressed: false, at: sum.totals });
    });
    expect(done).toEqual({ pressed: 2 * 1440, released: 2 * 1440, text: 0, x: 3 * 14_400, notches: 2880 });
  });

  it('is enough for a long paste', () => {
    const { done, control } = setUp();
    times(5, () => {
      control.say({ type: 'text', text: 'x'.repeat(4000) });
    });
    expect(done.text).toBe(20_000);
  });

  it('always lets go of what it pressed', () => {
    const { done, control } = setUp();
    control.say(key(true, 'ControlLeft'));
    control.say({ type: 'button', button: 'left', pressed: true, at: emptyMotionSum.totals });
    times(5000, () => {
      control.say({ type: 'text', text: 'x' });
    });
    expect(done.released).toBe(0);
    control.say(key(false, 'ControlLeft'));
    control.say({ type: 'button', button: 'left', pressed: false, at: emptyMotionSum.totals });
    expect(done.released).toBe(2);
    times(1000, () => {
      control.say(key(false, 'ControlLeft'));
    });
    expect(done.released).toBe(2);
  });

  it('lets go of everything when the phone goes, whatever it has used up', () => {
    const { done, control, receiver } = setUp();
    times(30, (index) => {
      control.say(key(true, `Key${String(index)}`));
    });
    times(5000, () => {
      control.say({ type: 'text', text: 'x' });
    });
    receiver.stop();
    expect(done.released).toBe(30);
  });

  it('is not more on another channel or connection', () => {
    const { done, control, connect } = setUp();
    times(5000, () => {
      control.say(key(true));
    });
    const { control: another } = connect();
    another.say(key(true));
    expect(done.pressed).toBe(2000);
  });

  it('loses no way of the pointer that was too much for a moment', () => {
    const { clock, done, motion } = setUp();
    let sum = emptyMotionSum;
    times(5000, () => {
      sum = addMotion(sum, { x: 1 });
      motion.say(encodeMotion(sum.totals));
    });
    expect(done.x).toBe(2000);
    clock.at = 1000;
    sum = addMotion(sum, { x: 1 });
    motion.say(encodeMotion(sum.totals));
    expect(done.x).toBe(5001);
  });

  it('counts each notch of the wheel', () => {
    const { done, motion } = setUp();
    let sum = emptyMotionSum;
    times(1000, () => {
      sum = addMotion(sum, { scrollY: 50 });
      motion.say(encodeMotion(sum.totals));
    });
    expect(done.notches).toBeLessThanOrEqual(2000);
    expect(done.notches).toBeGreaterThan(1500);
  });
});
