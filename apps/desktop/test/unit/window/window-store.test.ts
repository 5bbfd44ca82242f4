import { describe, expect, it } from 'vitest';

import type { WindowCommand } from '../../../src/host/window-protocol.js';
import { createWindowStore } from '../../../src/window/window-store.js';
import { connectedSession, promptWith, sessionWith, stateWith } from './states.js';

const start = () => {
  const sent: WindowCommand[] = [];
  let alarm = (): void => undefined;
  const store = createWindowStore(
    {
      now: () => 0,
      eventNow: () => 0,
      after: (_ms, task) => {
        alarm = task;
        return () => {
          alarm = () => undefined;
        };
      },
    },
    (command) => sent.push(command) > 0,
  );
  store.status.value = 'open';
  return { store, sent, elapse: () => alarm() };
};

describe('what the window knows', () => {
  it('ends every session that a phone is in at the third Escape, even behind a question', () => {
    const { store, sent } = start();
    const asked = sessionWith({ sessionID: 's3', prompt: promptWith() });
    const sessions = [connectedSession(), connectedSession({ sessionID: 's2', direct: 'disconnected' }), asked];
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
    elapse();
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
    store.receive({ event: 'error', code: 'not_paired', message: 'Nobody asks.' });
    expect(store.fault.value).toBe('Nobody asks.');
    store.send({ command: 'select_address', address: '10.0.0.1' });
    expect(store.fault.value).toBeNull();
  });
});
