import {
  addMotion,
  allRights,
  type ControlRights,
  emptyMotionSum,
  encodeMotion,
  type MotionSum,
  noRights,
} from '@proxim/control';
import type { DirectChannel } from '@proxim/peer';
import { describe, expect, it } from 'vitest';

import type { InputBackend } from '../../src/backends/input/input-backend.js';
import { ControlReceiver } from '../../src/host/control-receiver.js';

/** A channel whose other end is the test. */
class TestChannel implements DirectChannel {
  readonly bufferedBytes = 0;
  readonly sent: unknown[] = [];
  readonly label: string;
  #listener: ((data: string | Uint8Array) => void) | undefined;
  #onClose: (() => void) | undefined;

  constructor(label: string) {
    this.label = label;
  }

  send(data: string | Uint8Array): boolean {
    this.sent.push(typeof data === 'string' ? JSON.parse(data) : data);
    return true;
  }

  onMessage(listener: (data: string | Uint8Array) => void): void {
    this.#listener = listener;
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  receive(data: object | string | Uint8Array): void {
    const isRaw = typeof data === 'string' || data instanceof Uint8Array;
    this.#listener?.(isRaw ? data : JSON.stringify(data));
  }

  close(): void {
    this.#onClose?.();
  }
}

/** Writes down what a backend is asked to do. */
const recorder = (settled: () => Promise<void> = () => Promise.resolve()): { input: InputBackend; calls: string[] } => {
  const calls: string[] = [];
  const input: InputBackend = {
    panicKey: null,
    name: 'recorder',
    move: (dx, dy) => calls.push(`move ${String(dx)} ${String(dy)}`),
    button: (button, pressed) => calls.push(`${button} ${pressed ? 'down' : 'up'}`),
    scroll: (x, y) => calls.push(`scroll ${String(x)} ${String(y)}`),
    text: (text) => calls.push(`text ${text}`),
    key: ({ code, key }, pressed) => calls.push(`${code} ${key} ${pressed ? 'down' : 'up'}`),
    releaseAll: () => calls.push('release all'),
    settled,
    close: () => Promise.resolve(),
  };
  return { input, calls };
};

const setUp = (
  problem: string | null = null,
  isLast?: () => boolean,
  rights?: () => ControlRights,
  settled?: () => Promise<void>,
) => {
  const { input, calls } = recorder(settled);
  const receiver = new ControlReceiver({
    computerName: 'desk',
    input: () => (problem === null ? input : null),
    problem: () => problem,
    ...(isLast === undefined ? {} : { isLast }),
    ...(rights === undefined ? {} : { rights }),
  });
  const control = new TestChannel('control');
  const motion = new TestChannel('motion');
  receiver.accept(control);
  receiver.accept(motion);
  return { receiver, control, motion, calls };
};

/** Holds Ctrl and the left button. */
const holdBoth = ({ control }: { readonly control: TestChannel }): void => {
  control.receive({ type: 'key', code: 'ControlLeft', key: 'Control', pressed: true });
  control.receive({ type: 'button', button: 'left', pressed: true, at: emptyMotionSum.totals });
};

const moved = (sum: MotionSum, x: number, y: number): MotionSum => addMotion(sum, { x, y });

const nothingMore = { view: false, clipboard: false, system: [] };

describe('what a phone may do', () => {
  const withRights = (rights: ControlRights) => {
    const state = { rights };
    return { ...setUp(null, undefined, () => state.rights), state };
  };
  const all = { type: 'button', button: 'left', pressed: true, at: emptyMotionSum.totals } as const;

  it.each([
    ['point', { ...noRights, point: true }, ['left down', 'move 5 0']],
    ['type', { ...noRights, type: true }, ['KeyA a down', 'text hi']],
    ['nothing', noRights, []],
  ] as const)('%s alone is carried out, whatever it sends', (_, rights, expected) => {
    const { control, motion, calls } = withRights(rights);
    control.receive(all);
    motion.receive(encodeMotion(moved(emptyMotionSum, 5, 0).totals));
    control.receive({ type: 'key', code: 'KeyA', key: 'a', pressed: true });
    control.receive({ type: 'text', text: 'hi' });
    expect(calls).toEqual(expected);
  });

  it('is taken from it at once: what it holds of that is released, and the phone is told', () => {
    const { control, calls, receiver, state } = withRights(allRights);
    holdBoth({ control });
    calls.length = 0;
    state.rights = { ...noRights, point: true };
    receiver.rightsChanged();
    expect(calls).toEqual(['ControlLeft Control up', 'release all']);
    expect(control.sent.at(-1)).toEqual({ type: 'control_state', ready: true, may: state.rights, has: nothingMore });
    calls.length = 0;
    state.rights = noRights;
    receiver.rightsChanged();
    expect(calls).toEqual(['left up', 'release all']);
    expect(control.sent.at(-1)).toEqual({ type: 'control_state', ready: false, may: noRights, has: nothingMore });
  });

  it('is not made up for when it is given back: the pointer goes on from where it is', () => {
    const { motion, calls, receiver, state } = withRights(noRights);
    const far = moved(emptyMotionSum, 500, 500);
    motion.receive(encodeMotion(far.totals));
    state.rights = allRights;
    receiver.rightsChanged();
    motion.receive(encodeMotion(moved(far, 3, 4).totals));
    expect(calls).toEqual(['move 3 4']);
  });
});

describe('what a phone sends', () => {
  it('is welcomed with the computer’s name and whether it can be controlled', () => {
    expect(setUp().control.sent).toEqual([
      { type: 'hello', version: 1, name: 'desk' },
      { type: 'control_state', ready: true, may: allRights, has: nothingMore },
    ]);
    expect(setUp('no_screen').control.sent.at(-1)).toEqual({
      type: 'control_state',
      ready: false,
      reason: 'no_screen',
      may: allRights,
      has: nothingMore,
    });
  });

  it('clicks where the finger was, even when the last motion was lost', () => {
    const { control, motion, calls } = setUp();
    const first = moved(emptyMotionSum, 10, 5);
    const lost = moved(first, 7, 7);
    motion.receive(encodeMotion(first.totals));
    control.receive({ type: 'button', button: 'left', pressed: true, at: lost.totals });
    motion.receive(encodeMotion(lost.totals));
    control.receive({ type: 'button', button: 'left', pressed: false, at: lost.totals });
    expect(calls).toEqual(['move 10 5', 'move 7 7', 'left down', 'left up']);
  });

  it('types, presses keys and scrolls', () => {
    const { control, motion, calls } = setUp();
    control.receive({ type: 'text', text: 'héllo 😀' });
    control.receive({ type: 'key', code: 'KeyC', key: 'c', pressed: true });
    motion.receive(encodeMotion(addMotion(emptyMotionSum, { scrollY: 2 }).totals));
    expect(calls).toEqual(['text héllo 😀', 'KeyC c down', 'scroll 0 2']);
  });

  it.each([
    ['no JSON', '{'],
    ['another type', { type: 'reboot' }],
    ['a button that does not exist', { type: 'button', button: 'fire', pressed: true }],
    ['a motion of the wrong length', new Uint8Array(20)],
    ['text that is too long', { type: 'text', text: 'x'.repeat(5000) }],
  ])('does nothing when it is %s', (_what, data) => {
    const { control, motion, calls } = setUp();
    control.receive(data);
    motion.receive(data);
    expect(calls).toEqual([]);
  });

  it('leaves nothing pressed when the connection ends, and does nothing afterwards', () => {
    const { control, motion, calls } = setUp();
    control.close();
    control.receive({ type: 'text', text: 'late' });
    motion.receive(encodeMotion(moved(emptyMotionSum, 9, 9).totals));
    expect(calls).toEqual(['release all']);
  });

  it('tells a newer connection’s channels from its own', () => {
    const { receiver } = setUp();
    expect(receiver.accept(new TestChannel('control'))).toBe(false);
  });
});

describe('what a phone holds', () => {
  const released = ['ControlLeft Control up', 'left up'];

  it.each([
    [
      'stops',
      ({ receiver }: ReturnType<typeof setUp>) => {
        receiver.stop();
      },
    ],
    [
      'falls silent',
      ({ receiver }: ReturnType<typeof setUp>) => {
        receiver.release();
      },
    ],
    [
      'closes its channel',
      ({ control }: ReturnType<typeof setUp>) => {
        control.close();
      },
    ],
  ])('is released, and nothing else while another phone is in control, when it %s', (_what, leave) => {
    const phone = setUp(null, () => false);
    holdBoth(phone);
    phone.calls.length = 0;
    leave(phone);
    expect(phone.calls).toEqual(released);
  });

  it.each([
    [
      'loses the right to type',
      ({ receiver }: ReturnType<typeof setUp>) => {
        receiver.rightsChanged();
      },
    ],
    [
      'goes',
      ({ receiver }: ReturnType<typeof setUp>) => {
        receiver.stop();
      },
    ],
  ])('takes its text along that still waits when it %s, also while another phone is in control', async (_what, end) => {
    const state = { rights: allRights };
    let typed = (): void => undefined;
    const isTyped = new Promise<void>((resolve) => (typed = resolve));
    const settled = (): Promise<void> => isTyped;
    const phone = setUp(
      null,
      () => false,
      () => state.rights,
      settled,
    );
    phone.control.receive({ type: 'text', text: 'a long text' });
    state.rights = { ...allRights, type: false };
    end(phone);
    expect(phone.calls).toEqual(['text a long text', 'release all']);

    // What waits now can only be another phone's.
    typed();
    await isTyped;
    phone.receiver.rightsChanged();
    expect(phone.calls).toEqual(['text a long text', 'release all']);
  });

  it('is released with all that waits when no other phone is in control', () => {
    const phone = setUp(null, () => true);
    holdBoth(phone);
    phone.calls.length = 0;
    phone.receiver.release();
    expect(phone.calls).toEqual([...released, 'release all']);
  });

  it('is released by its release_all, which leaves text alone, and once only', () => {
    const phone = setUp();
    holdBoth(phone);
    phone.calls.length = 0;
    phone.control.receive({ type: 'release_all' });
    phone.control.receive({ type: 'release_all' });
    expect(phone.calls).toEqual(released);
  });

  it('is no longer held after its release, also under another name', () => {
    const { receiver, control, calls } = setUp(null, () => false);
    control.receive({ type: 'key', code: 'KeyA', key: 'a', pressed: true });
    control.receive({ type: 'key', code: 'KeyA', key: 'A', pressed: false });
    control.receive({ type: 'key', code: 'Unidentified', key: 'Enter', pressed: true });
    control.receive({ type: 'key', code: 'Unidentified', key: 'Escape', pressed: true });
    control.receive({ type: 'key', code: 'Unidentified', key: 'Enter', pressed: false });
    control.receive({ type: 'button', button: 'right', pressed: true, at: emptyMotionSum.totals });
    control.receive({ type: 'button', button: 'right', pressed: false, at: emptyMotionSum.totals });
    calls.length = 0;
    receiver.stop();
    expect(calls).toEqual(['Unidentified Escape up']);
  });
});
