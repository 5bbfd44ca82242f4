import type { SystemAction } from '@proxim/control';
import type { Clock, SessionID } from '@proxim/protocol';
import { describe, expect, it } from 'vitest';

import type { SystemOutcome } from '../../src/backends/system/system-backend.js';
import { type SystemAnswer, SystemCommands } from '../../src/host/system-commands.js';

/** A clock that the test turns. */
class TurnedClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now = (): number => this.#now;

  setTimer = (ms: number, callback: () => void) => {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  };

  get timers(): number {
    return this.#timers.size;
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}

const phone = 's1' as SessionID;
const other = 's2' as SessionID;

const setUp = async () => {
  const clock = new TurnedClock();
  const log: string[] = [];
  const answers: SystemAnswer[] = [];
  const ends: ((outcome: SystemOutcome) => void)[] = [];
  let isBusy = false;
  let isAllowed = true;
  let prompts = 0;
  const commands = new SystemCommands({
    backend: {
      name: 'staged',
      actions: () => Promise.resolve(['lock', 'sleep', 'restart', 'shut_down']),
      carryOut: (action) => {
        log.push(`order ${action}`);
        return new Promise((resolve) => ends.push(resolve));
      },
    },
    clock,
    newPromptID: () => `p${String((prompts += 1))}`,
    handlers: {
      isBusy: () => isBusy,
      onQuestion: ({ promptID, action }) => log.push(`question ${promptID} ${action}`),
      onQuestionGone: ({ promptID }, end) => log.push(`gone ${promptID} ${end}`),
      beforeGoing: () => log.push('release'),
      onGoing: (action) => log.push(`going ${action}`),
      onEnd: ({ action }, reason) => log.push(`end ${action} ${String(reason)}`),
      onActions: () => undefined,
    },
  });
  await commands.findOut();
  return {
    clock,
    commands,
    log,
    answers,
    ask: (action: SystemAction, sessionID = phone) => {
      commands.request({
        sessionID,
        action,
        isAllowed: () => isAllowed,
        answer: (answer) => answers.push(answer),
      });
      return answers.at(-1);
    },
    /** The system has taken the order, or has not. */
    ends: async (outcome: SystemOutcome) => {
      ends.shift()?.(outcome);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    },
    setBusy: (value: boolean) => (isBusy = value),
    allow: (value: boolean) => (isAllowed = value),
  };
};

describe('the system’s commands', () => {
  it('release what is held, give the order, and tell the phones after it, in this order', async () => {
    const { ask, ends, log, answers } = await setUp();
    ask('sleep');
    expect(log).toEqual(['release', 'order sleep']);
    await ends('done');
    expect(log.slice(2)).toEqual(['end sleep null', 'going sleep']);
    expect(answers).toEqual([{ outcome: 'done' }]);
  });

  it('tell no phone that the computer goes when it does not', async () => {
    const { ask, ends, log, answers } = await setUp();
    ask('sleep');
    await ends('failed');
    expect(log.slice(2)).toEqual(['end sleep failed']);
    expect(answers).toEqual([{ outcome: 'refused', reason: 'failed' }]);
  });

  it('end a question after 20 seconds', async () => {
    const { ask, clock, commands, log } = await setUp();
    expect(ask('restart')).toEqual({ outcome: 'asked', seconds: 20 });
    clock.pass(19_999);
    expect(commands.question).not.toBeNull();
    clock.pass(1);
    expect(commands.question).toBeNull();
    expect(log).toEqual(['question p1 restart', 'gone p1 timeout', 'end restart timeout']);
  });

  it('do nothing for a phone that lost the right in the moment of the yes', async () => {
    const { ask, allow, commands, log, answers } = await setUp();
    ask('restart');
    allow(false);
    commands.answer(phone, 'p1', true);
    expect(log).toEqual(['question p1 restart', 'gone p1 not_allowed', 'end restart not_allowed']);
    expect(answers.at(-1)).toEqual({ outcome: 'refused', reason: 'not_allowed' });
  });

  it('take an answer to the question that is open alone, and once', async () => {
    const { ask, commands, clock } = await setUp();
    ask('restart');
    expect(() => {
      commands.answer(phone, 'p2', true);
    }).toThrow('That question is over.');
    expect(() => {
      commands.answer(other, 'p1', true);
    }).toThrow('That question is over.');
    commands.answer(phone, 'p1', false);
    expect(() => {
      commands.answer(phone, 'p1', true);
    }).toThrow('That question is over.');
    expect(clock.timers).toBe(0);
  });

  it('do one thing at a time', async () => {
    const { ask, ends } = await setUp();
    ask('lock');
    expect(ask('sleep', other)).toEqual({ outcome: 'refused', reason: 'busy' });
    await ends('done');
    ask('restart');
    expect(ask('lock', other)).toEqual({ outcome: 'refused', reason: 'busy' });
  });

  it('ask nothing while the user is asked whether a phone is let in, and lock all the same', async () => {
    const { ask, setBusy, log } = await setUp();
    setBusy(true);
    expect(ask('restart')).toEqual({ outcome: 'refused', reason: 'busy' });
    ask('lock');
    expect(log.at(-1)).toBe('order lock');
  });

  it('make a phone wait 10 seconds after a question without a yes; not the others', async () => {
    const { ask, clock, commands } = await setUp();
    ask('restart');
    commands.withdraw(phone);
    expect(ask('restart')).toEqual({ outcome: 'refused', reason: 'busy' });
    expect(ask('restart', other)).toMatchObject({ outcome: 'asked' });
    commands.withdraw(other);
    clock.pass(10_000);
    expect(ask('restart')).toMatchObject({ outcome: 'asked' });
  });

  it('make a phone that asks on and on wait twice as long each time, up to 10 minutes, until it has let it be', async () => {
    const { ask, clock, commands, ends } = await setUp();
    const askAndLapse = (): void => {
      expect(ask('restart')).toMatchObject({ outcome: 'asked' });
      clock.pass(20_000);
    };
    for (const seconds of [10, 20, 40, 80, 160, 320, 600, 600]) {
      askAndLapse();
      clock.pass(seconds * 1000 - 1);
      expect(ask('restart')).toEqual({ outcome: 'refused', reason: 'busy' });
      clock.pass(1);
    }
    clock.pass(600_000);
    askAndLapse();
    clock.pass(10_000);
    askAndLapse();
    clock.pass(20_000);
    // A yes says that its questions are welcome.
    expect(ask('restart')).toMatchObject({ outcome: 'asked' });
    commands.answer(phone, 'p11', true);
    await ends('failed');
    askAndLapse();
    clock.pass(10_000);
    expect(ask('restart')).toMatchObject({ outcome: 'asked' });
  });

  it('look at 12 requests of a phone in a minute, and write no more than these down', async () => {
    const { ask, allow, clock, log } = await setUp();
    allow(false);
    for (let count = 0; count < 40; count += 1) {
      expect(ask('lock')).toEqual({ outcome: 'refused', reason: 'not_allowed' });
    }
    expect(log).toHaveLength(12);
    allow(true);
    expect(ask('lock')).toEqual({ outcome: 'refused', reason: 'busy' });
    clock.pass(60_000);
    ask('lock');
    expect(log.at(-1)).toBe('order lock');
  });

  it('leave a phone’s question alone when another one goes, and forget it with its session', async () => {
    const { ask, commands, log } = await setUp();
    ask('shut_down');
    commands.withdraw(other);
    expect(commands.question).toMatchObject({ sessionID: phone, action: 'shut_down' });
    commands.forget(phone);
    expect(log.at(-1)).toBe('gone p1 withdrawn');
  });
});
