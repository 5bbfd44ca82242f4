import type { PhoneMessage } from '@proxim/control';
import { describe, expect, it } from 'vitest';

import { SystemRequests } from '../../src/control/system-requests.js';
import { Farewell } from '../../src/farewell.js';

const setUp = () => {
  const sent: PhoneMessage[] = [];
  const requests = new SystemRequests(
    (message) => sent.push(message),
    () => 1000,
  );
  requests.begin();
  return { requests, sent, state: () => requests.request.value };
};

describe('what a phone wants done to the computer', () => {
  it('is sent under an id that is higher each time, and begins anew with a connection', () => {
    const { requests, sent } = setUp();
    requests.ask('lock');
    requests.ask('sleep');
    requests.begin();
    requests.ask('lock');
    expect(sent).toEqual([
      { type: 'system', id: 1, action: 'lock' },
      { type: 'system', id: 2, action: 'sleep' },
      { type: 'system', id: 1, action: 'lock' },
    ]);
  });

  it('waits as long as the computer asks, and ends with its answer', () => {
    const { requests, state } = setUp();
    requests.ask('restart');
    requests.onResult({ type: 'system_result', id: 1, outcome: 'asked', seconds: 20 });
    expect(state()).toEqual({ at: 'asked', id: 1, action: 'restart', until: 21_000, seconds: 20 });
    requests.onResult({ type: 'system_result', id: 1, outcome: 'refused', reason: 'timeout' });
    expect(state()).toEqual({ at: 'refused', action: 'restart', reason: 'timeout' });
  });

  it('is withdrawn by its user; what comes of it then is no news', () => {
    const { requests, sent, state } = setUp();
    requests.ask('restart');
    requests.onResult({ type: 'system_result', id: 1, outcome: 'asked' });
    requests.cancel();
    expect(sent.at(-1)).toEqual({ type: 'system_cancel', id: 1 });
    requests.onResult({ type: 'system_result', id: 1, outcome: 'done' });
    expect(state()).toEqual({ at: 'idle' });
  });

  it('is lost with the connection that it was asked on', () => {
    const { requests, state } = setUp();
    requests.ask('restart');
    requests.begin();
    expect(state()).toEqual({ at: 'refused', action: 'restart', reason: 'lost' });
  });

  it('tells a computer that this phone sends away from one that another phone does', () => {
    const { requests } = setUp();
    requests.onGoing('sleep');
    expect(requests.going.value).toEqual({ action: 'sleep', isOurs: false });
    requests.ask('sleep');
    requests.onResult({ type: 'system_result', id: 1, outcome: 'done' });
    requests.onGoing('sleep');
    expect(requests.going.value).toEqual({ action: 'sleep', isOurs: true });
  });
});

describe('what the computer said before it went', () => {
  it('explains an end for two minutes, and none after the computer was there again', () => {
    let now = 0;
    const farewell = new Farewell(() => now);
    const going = { action: 'restart', isOurs: true } as const;
    expect(farewell.going).toBeNull();
    farewell.say(going);
    now = 119_999;
    expect(farewell.going).toMatchObject(going);
    now = 120_000;
    expect(farewell.going).toBeNull();
    now = 0;
    farewell.forget();
    expect(farewell.going).toBeNull();
  });
});
