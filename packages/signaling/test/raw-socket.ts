import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';

import { onTestFinished } from 'vitest';

import type { Stage } from './stage.js';

/** A TCP connection to the server, and all that came back over it. */
export interface RawSocket {
  readonly socket: Socket;
  /** Resolves when the server has ended it, with what it said until then. */
  readonly ended: Promise<string>;
  write(bytes: string | Buffer): void;
  /** Resolves once this has been heard. */
  heard(text: string): Promise<void>;
}

/**
 * Connects without a word, from another address of the loopback net where one is given.
 *
 * @param stays it does not go when the server says goodbye
 */
export const openRaw = async (stage: Stage, from = '127.0.0.1', stays = false): Promise<RawSocket> => {
  const socket = connectTcp({ port: stage.port, host: '127.0.0.1', localAddress: from, allowHalfOpen: stays });
  onTestFinished(() => void socket.destroy());
  // A server that ends a socket with bytes on their way resets it.
  socket.on('error', () => undefined);
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(said)));
  await once(socket, 'connect');
  return {
    socket,
    ended,
    write: (bytes) => void socket.write(bytes),
    heard: async (text) => {
      while (!said.includes(text)) await once(socket, 'data');
    },
  };
};

export const head = (path: string, lines: readonly string[] = []): string =>
  [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...lines, '', ''].join('\r\n');

/** What a client says to begin a WebSocket. */
export const upgradeHead = (lines: readonly string[] = []): string =>
  head('/signal', [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
    ...lines,
  ]);

/** A short frame as a client sends it; its mask is four zeros, which change nothing. */
export const clientFrame = (text: string, { opcode = 1, isLast = true } = {}): Buffer => {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode, 0x80 | body.length, 0, 0, 0, 0]), body]);
};

/** A page's status as an address gets it, over a socket of its own. */
export const statusFor = async (stage: Stage, from: string, lines: readonly string[] = []): Promise<number> => {
  const raw = await openRaw(stage, from);
  raw.write(head('/', ['Connection: close', ...lines]));
  return Number((await raw.ended).slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
};
