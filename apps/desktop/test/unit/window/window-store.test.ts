import { describe, expect, it } from 'vitest';

import type { WindowCommand, WindowSession } from '../../../src/host/window-protocol.js';
import { createWindowStore } from '../../../src/window/window-store.js';
import { connectedSession, promptWith, sessionWith, stateWith } from './states.js';

const start = () => {
  const sent: WindowCommand[] = [];
  let alarms: readonly (readonly [due: number, run: () => void])[] = [];
  let now = 1_000_000;
  const store = createWindowStore(
    {
      now: () => now,
      eventNow: () => now,
      after: (ms, task) => {
        const alarm = [now + ms, task] as const;
        alarms = [...alarms, alarm];
        return () => {
          alarms = alarms.filter((other) => other !== alarm);
        };
      },
    },
    (command) => sent.push(command) > 0,
  );
  store.status.value = 'open';
  const elapse = (ms: number): void => {
    now += ms;
    const due = alarms.filter(([at]) => at <= now);
    alarms = alarms.filter((alarm) => !due.includes(alarm));
    for (const [, run] of due) run();
  };
  const receive = (...sessions: readonly WindowSession[]): void => {
    store.receive({ event: 'state', state: stateWith({ sessions }) });
  };
  return { store, sent, elapse, receive };
};

describe('what the window knows', () => {
  it('ends every session that a phone is in at the third Escape, even behind a question', () => {
    const { store, sent } = start();
    const asked = sessionWith({ sessionID: 's3', prompt: promptWith() });
    const sessions = [
      connectedSession(),
      connectedSession({ sessionID: 's2', direct: 'disconnected', lastSeenAt: 990_000 }),
      asked,
    ];
    store.receive({ event: 'state', state: stateWith({ sessions }) });
    for (const at of [0, 200, 400]) store.escape(at);
    expect(sent).toEqual([
      { command: 'close', sessionID: 's1' },
      { command: 'close', sessionID: 's2' },
    ]);
    expect(store.escapes.value).toBe(0);
  });

  it('counts Escape for nothing while nobody is connected', () => {
    const { store, sent } = start();
    store.receive({ event: 'state', state: stateWith() });
    store.escape(0);
    store.escape(100);
    expect(store.escapes.value).toBe(0);
    store.receive({ event: 'state', state: stateWith({ sessions: [connectedSession()] }) });
    store.escape(200);
    expect(sent).toEqual([]);
    expect(store.escapes.value).toBe(1);
  });

  it('forgets a press when its time is over', () => {
    const { store, elapse } = start();
    store.receive({ event: 'state', state: stateWith({ sessions: [connectedSession()] }) });
    store.escape(0);
    expect(store.escapes.value).toBe(1);
    elapse(1500);
    expect(store.escapes.value).toBe(0);
  });

  it('shows a phone that is new, although another code was wanted', () => {
    const { store } = start();
    store.receive({ event: 'state', state: stateWith({ sessions: [connectedSession()] }) });
    store.wantsCode.value = true;
    store.receive({
      event: 'state',
      state: stateWith({ sessions: [connectedSession(), sessionWith({ sessionID: 's2' })] }),
    });
    expect(store.screen.value.name).toBe('code');
    const both = [connectedSession(), connectedSession({ sessionID: 's2' })];
    store.receive({ event: 'state', state: stateWith({ sessions: both }) });
    expect(store.screen.value).toMatchObject({ name: 'control', active: [{}, {}] });
  });

  it('keeps what could not be done until the next command', () => {
    const { store } = start();
    store.receive({ event: 'error', code: 'address_gone', message: 'It is gone.' });
    expect(store.fault.value).toBe('It is gone.');
    store.send({ command: 'select_address', address: '10.0.0.1' });
    expect(store.fault.value).toBeNull();
  });

  it.each(['not_paired', 'session_not_found'])('is silent about %s: another window was faster', (code) => {
    const { store, receive } = start();
    receive(connectedSession());
    store.receive({ event: 'error', code, message: 'That request is over.' });
    expect(store.fault.value).toBeNull();
  });

  it('turns from a phone that was lost to the code, when it has not come back in two minutes', () => {
    const { store, receive, elapse } = start();
    receive(connectedSession());
    receive(connectedSession({ direct: 'disconnected' }));
    elapse(119_999);
    expect(store.screen.value).toMatchObject({ name: 'control', active: [{ presence: 'lost' }] });
    elapse(1);
    expect(store.screen.value.name).toBe('code');
    expect(store.phones.value).toMatchObject([{ presence: 'away' }]);
    receive(connectedSession());
    expect(store.screen.value.name).toBe('control');
  });

  it('shows no code between the approval and the first sign of the phone', () => {
    const { store, receive, elapse } = start();
    receive(sessionWith({ prompt: promptWith() }));
    receive(connectedSession({ direct: 'closed' }));
    expect(store.screen.value).toMatchObject({ name: 'control', active: [{ presence: 'connecting' }] });
    elapse(15_000);
    expect(store.screen.value.name).toBe('code');
  });

  it('drops what was begun with a phone that is gone, and keeps it otherwise', () => {
    const { store, receive } = start();
    receive(connectedSession());
    store.phoneAction.value = { kind: 'rename', sessionID: 's1', text: 'Kitch' };
    receive(connectedSession({ direct: 'disconnected', lastSeenAt: 990_000 }));
    expect(store.phoneAction.value).toMatchObject({ text: 'Kitch' });
    receive();
    expect(store.phoneAction.value).toBeNull();
  });

  it('offers the removal again when the app could not do it', () => {
    const { store, receive } = start();
    receive(connectedSession());
    store.phoneAction.value = { kind: 'remove', sessionID: 's1', isSent: true };
    store.receive({ event: 'error', code: 'disk_full', message: 'The disk is full.' });
    expect(store.phoneAction.value).toBeNull();
  });
});
