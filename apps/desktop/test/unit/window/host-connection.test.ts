import { describe, expect, it } from 'vitest';

import type { WindowEvent } from '../../../src/host/window-protocol.js';
import { connectToHost, type HostSocket, type HostStatus } from '../../../src/window/host-connection.js';
import { stateWith } from './states.js';

class TestSocket {
  readonly sent: string[] = [];
  isClosed = false;
  onopen: HostSocket['onopen'] = null;
  onmessage: HostSocket['onmessage'] = null;
  onclose: HostSocket['onclose'] = null;

  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.isClosed = true;
  }

  // A browser calls the handlers with itself as `this`; ours do not use it.
  open(): void {
    (this.onopen as ((event: Event) => void) | null)?.(new Event('open'));
  }
  say(value: unknown): void {
    (this.onmessage as ((event: MessageEvent) => void) | null)?.(
      new MessageEvent('message', { data: JSON.stringify(value) }),
    );
  }
  drop(code = 1006): void {
    const event = Object.assign(new Event('close'), { code, reason: '', wasClean: false });
    (this.onclose as ((event: CloseEvent) => void) | null)?.(event);
  }
}

const start = () => {
  const sockets: TestSocket[] = [];
  const statuses: HostStatus[] = [];
  const events: WindowEvent[] = [];
  const waits: { readonly ms: number; readonly run: () => void }[] = [];
  const connection = connectToHost({
    token: 'secret',
    canShareScreen: true,
    openSocket: () => {
      const socket = new TestSocket();
      sockets.push(socket);
      return socket;
    },
    after: (ms, run) => {
      const wait = { ms, run };
      waits.push(wait);
      return () => {
        waits.splice(waits.indexOf(wait), 1);
      };
    },
    onStatus: (status) => statuses.push(status),
    onEvent: (event) => events.push(event),
  });
  const elapse = (): number => {
    const wait = waits.shift();
    wait?.run();
    return wait?.ms ?? -1;
  };
  return { connection, sockets, statuses, events, waits, elapse, socket: () => sockets.at(-1)! };
};

const state = { event: 'state', state: stateWith() };

describe('the connection to the app', () => {
  it('says hello first, and is open with the first state', () => {
    const { socket, statuses, events, connection } = start();
    expect(connection.send({ command: 'close', sessionID: 's1' })).toBe(false);
    socket().open();
    expect(socket().sent).toEqual(['{"command":"hello","token":"secret","canShareScreen":true}']);
    expect(connection.send({ command: 'close', sessionID: 's1' })).toBe(false);
    socket().say(state);
    expect(statuses).toEqual(['connecting', 'open']);
    expect(events).toEqual([state]);
    expect(connection.send({ command: 'close', sessionID: 's1' })).toBe(true);
    expect(socket().sent.at(-1)).toBe('{"command":"close","sessionID":"s1"}');
  });

  it('ignores what it does not understand', () => {
    const { socket, events, statuses } = start();
    socket().open();
    socket().say({ event: 'later' });
    expect(events).toEqual([]);
    expect(statuses).toEqual(['connecting']);
  });

  it('tries again, ever more slowly, and says that the app has ended', () => {
    const { socket, statuses, elapse } = start();
    socket().open();
    socket().say(state);
    const waited: number[] = [];
    for (let failure = 1; failure <= 7; failure += 1) {
      socket().drop();
      waited.push(elapse());
    }
    expect(waited).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    expect(statuses).toEqual(['connecting', 'open', 'lost', 'lost', 'lost', 'lost', 'ended', 'ended', 'ended']);
    socket().open();
    socket().say(state);
    expect(statuses.at(-1)).toBe('open');
    socket().drop();
    expect(elapse()).toBe(250);
  });

  it('tries at once when asked to, and only while it waits', () => {
    const { connection, socket, sockets, waits } = start();
    connection.retryNow();
    expect(sockets).toHaveLength(1);
    socket().drop();
    connection.retryNow();
    expect(sockets).toHaveLength(2);
    expect(waits).toHaveLength(0);
  });

  it.each([
    ['a close with 1008', (socket: TestSocket) => socket.drop(1008)],
    ['an error', (socket: TestSocket) => socket.say({ event: 'error', code: 'unauthorized', message: 'No.' })],
  ])('gives up when the app refuses the token by %s', (_how, refuse) => {
    const { socket, statuses, waits } = start();
    socket().open();
    refuse(socket());
    socket().drop();
    expect(statuses.at(-1)).toBe('refused');
    expect(waits).toHaveLength(0);
  });

  it('gives up when it is hung up on twice after its hello', () => {
    const { socket, statuses, elapse } = start();
    socket().open();
    socket().drop();
    elapse();
    socket().open();
    socket().drop();
    expect(statuses).toEqual(['connecting', 'connecting', 'refused']);
  });

  it('does not hear a socket that was closed', () => {
    const { connection, socket, events, statuses } = start();
    connection.close();
    expect(socket().isClosed).toBe(true);
    socket().open();
    socket().say(state);
    socket().drop();
    expect(events).toEqual([]);
    expect(statuses).toEqual(['connecting']);
  });
});
