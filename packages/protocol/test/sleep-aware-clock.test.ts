import { describe, expect, it } from 'vitest';

import { sleepAwareClock } from '../src/index.js';
import { ManualClock } from '../src/testing.js';

/** A machine whose monotonic clock stands still while it sleeps. */
const machine = () => {
  const monotonic = new ManualClock();
  let asleepMs = 0;
  const clock = sleepAwareClock({ clock: monotonic, uptimeMs: () => 5_000_000 + monotonic.now() + asleepMs });
  return {
    monotonic,
    clock,
    sleep: (ms: number) => {
      asleepMs += ms;
    },
  };
};

describe('a clock that goes on while the machine sleeps', () => {
  it('is the monotonic clock as long as nobody sleeps', () => {
    const { clock, monotonic } = machine();
    const fired: string[] = [];
    let wakes = 0;
    clock.onWake(() => (wakes += 1));
    clock.setTimer(2500, () => fired.push('late'));
    clock.setTimer(500, () => fired.push('early'));
    const called = clock.setTimer(700, () => fired.push('never'));
    called.cancel();
    monotonic.advance(2499);
    expect(fired).toEqual(['early']);
    monotonic.advance(1);
    expect(fired).toEqual(['early', 'late']);
    expect(clock.now()).toBe(2500);
    monotonic.advance(3_600_000);
    expect(wakes).toBe(0);
    clock.stop();
    expect(monotonic.pendingTimers).toBe(0);
  });

  it('[EX10] counts the sleep: what came due meanwhile fires within a second of waking, in its order', () => {
    const { clock, monotonic, sleep } = machine();
    const fired: string[] = [];
    clock.onWake(() => fired.push('woke'));
    clock.setTimer(900_000, () => fired.push('fifteen minutes'));
    clock.setTimer(40_000, () => fired.push('forty seconds'));
    clock.setTimer(30_000_000, () => fired.push('hours'));
    monotonic.advance(10_000);
    sleep(8 * 3_600_000);
    monotonic.advance(1000);
    expect(fired).toEqual(['woke', 'forty seconds', 'fifteen minutes']);
    expect(clock.now()).toBe(10_000 + 8 * 3_600_000 + 1000);
    monotonic.advance(30_000_000 - clock.now());
    expect(fired.at(-1)).toBe('hours');
  });

  it('keeps what was set after waking', () => {
    const { clock, monotonic, sleep } = machine();
    sleep(60_000);
    monotonic.advance(1000);
    let fired = false;
    clock.setTimer(5000, () => (fired = true));
    monotonic.advance(4999);
    expect(fired).toBe(false);
    monotonic.advance(1);
    expect(fired).toBe(true);
  });

  it('a cancelled timer stays cancelled through a sleep', () => {
    const { clock, monotonic, sleep } = machine();
    let fired = false;
    const timer = clock.setTimer(500_000, () => (fired = true));
    sleep(60_000);
    monotonic.advance(1000);
    timer.cancel();
    monotonic.advance(1_000_000);
    expect(fired).toBe(false);
  });

  it('says that a process which was stopped goes on, although both clocks counted', () => {
    const monotonic = new ManualClock();
    let held = 0;
    // Time that passes without a timer being served: the clock jumps, as after SIGCONT.
    const jumping = { now: () => monotonic.now() + held, setTimer: monotonic.setTimer.bind(monotonic) };
    const clock = sleepAwareClock({ clock: jumping, uptimeMs: () => jumping.now() });
    let wakes = 0;
    const forget = clock.onWake(() => (wakes += 1));
    held += 40_000;
    monotonic.advance(1000);
    expect(wakes).toBe(1);
    expect(clock.now()).toBe(41_000);
    forget();
    held += 40_000;
    monotonic.advance(1000);
    expect(wakes).toBe(1);
  });
});
