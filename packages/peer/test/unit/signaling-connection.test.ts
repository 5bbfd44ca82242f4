import { ManualClock } from '@proxim/protocol/testing';
import { describe, expect, it } from 'vitest';

import { SignalingConnection } from '../../src/common/signaling-connection.js';
import { HandSockets } from '../stage/hand-sockets.js';

const setUp = (fraction = 0) => {
  const clock = new ManualClock();
  const sockets = new HandSockets();
  const downs: [number, number][] = [];
  const heard: string[] = [];
  const handlers = {
    onOpen: () => undefined,
    onMessage: ({ type }: { type: string }) => heard.push(type),
    onDown: (code: number, attempts: number) => {
      downs.push([code, attempts]);
      whenDown();
    },
  };
  let whenDown: () => void = () => undefined;
  const connection = new SignalingConnection({
    url: 'ws://relay',
    openWebSocket: sockets.open,
    clock,
    fraction: () => fraction,
    handlers,
  });
  return {
    clock,
    sockets,
    downs,
    heard,
    connection,
    onDown: (callback: () => void) => {
      whenDown = callback;
    },
  };
};

describe('the connection to the server', () => {
  it('comes back after growing waits, and after short ones again once it stood for a while', () => {
    const { clock, sockets, connection } = setUp();
    connection.start();
    const waits: number[] = [];
    const lose = (): void => {
      const count = sockets.all.length;
      sockets.last.end();
      let waited = 0;
      while (sockets.all.length === count) {
        clock.advance(1);
        waited += 1;
      }
      waits.push(waited);
    };
    for (let attempt = 0; attempt < 7; attempt += 1) lose();
    expect(waits).toEqual([125, 250, 500, 1000, 2000, 4000, 4000]);
    // A server that takes sockets only to drop them is no better.
    sockets.last.open();
    lose();
    expect(waits.at(-1)).toBe(4000);
    sockets.last.open();
    clock.advance(10_000);
    lose();
    expect(waits.at(-1)).toBe(125);
    connection.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('[SC7] waits as long as the server asked for, and no longer than a minute', () => {
    const { clock, sockets, connection } = setUp();
    connection.start();
    sockets.last.open();
    connection.notBefore(3);
    sockets.last.end(1001);
    clock.advance(2999);
    expect(sockets.all).toHaveLength(1);
    clock.advance(1);
    expect(sockets.all).toHaveLength(2);
    sockets.last.open();
    connection.notBefore(1e9);
    sockets.last.end(1001);
    clock.advance(60_000);
    expect(sockets.all).toHaveLength(3);
  });

  it('[MS20] [LI7] pings, and gives up a server that does not answer', () => {
    const { clock, sockets, connection, downs } = setUp();
    connection.start();
    sockets.last.open();
    clock.advance(15_000);
    expect(sockets.last.take()).toEqual([{ type: 'ping' }]);
    sockets.last.say({ type: 'pong' });
    clock.advance(15_000);
    expect(sockets.last.take()).toEqual([{ type: 'ping' }]);
    clock.advance(10_000);
    expect(sockets.last.closedWith).toBe(4002);
    expect(downs).toEqual([[4002, 1]]);
  });

  it('[CB11] [CB23] is told once of its own ghost, and believes it the second time', () => {
    const { clock, sockets, connection, downs } = setUp();
    connection.start();
    sockets.last.open();
    connection.wake();
    clock.advance(3000);
    expect(downs).toEqual([[4002, 1]]);
    clock.advance(1000);
    sockets.last.open();
    // What the first socket had sent has arrived after all.
    sockets.last.end(4000);
    expect(downs.at(-1)).toEqual([4002, 1]);
    clock.advance(1000);
    sockets.last.open();
    sockets.last.end(4000);
    expect(downs.at(-1)).toEqual([4000, 1]);
    connection.stop();
  });

  it('looks at once when it is woken: at an open socket by a ping, without one by another attempt', () => {
    const { clock, sockets, connection } = setUp();
    connection.start();
    sockets.last.open();
    connection.wake();
    connection.wake();
    expect(sockets.last.take()).toEqual([{ type: 'ping' }]);
    sockets.last.end();
    connection.wake();
    connection.wake();
    expect(sockets.all).toHaveLength(2);
    connection.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('opens one socket, though it was woken, or stopped and started, by whoever heard that it is down', () => {
    const { clock, sockets, connection, onDown } = setUp();
    connection.start();
    onDown(() => {
      connection.wake();
    });
    sockets.last.end();
    onDown(() => {
      connection.stop();
      connection.start();
    });
    sockets.last.end();
    expect(sockets.all).toHaveLength(3);
    onDown(() => undefined);
    sockets.last.open();
    clock.advance(14_000);
    expect(sockets.all).toHaveLength(3);
    connection.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('hears nothing of a socket that it has let go', () => {
    const { clock, sockets, connection, heard, downs } = setUp();
    connection.start();
    const [first] = sockets.all;
    clock.advance(10_000);
    clock.advance(1000);
    expect(sockets.all).toHaveLength(2);
    first?.open();
    first?.say({ type: 'pong' });
    first?.say({ type: 'error', code: 'capacity', message: '-' });
    first?.end(1000);
    expect(heard).toEqual([]);
    expect(downs).toHaveLength(1);
    connection.stop();
    connection.stop();
    sockets.last.open();
    expect(heard).toEqual([]);
  });

  it('survives a platform that refuses the URL', () => {
    const clock = new ManualClock();
    const downs: number[] = [];
    const connection = new SignalingConnection({
      url: 'ws://relay',
      openWebSocket: () => {
        throw new Error('mixed content');
      },
      clock,
      fraction: () => 0,
      handlers: { onOpen: () => undefined, onMessage: () => undefined, onDown: (code) => downs.push(code) },
    });
    connection.start();
    clock.advance(125);
    expect(downs).toEqual([1005, 1005]);
    connection.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
