import { once } from 'node:events';
import { connect } from 'node:net';

/** What came back from a request that was written byte for byte; status 0 when the connection was closed without a word. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends lines as they are, which no browser and no client library would.
 *
 * @param lines without line ends; the empty line behind the headers is added
 */
export const rawRequest = async (port: number, lines: readonly string[]): Promise<RawAnswer> => {
  const socket = connect({ port, host: '127.0.0.1' });
  const closed = once(socket, 'close');
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
    // A WebSocket that opened would stay open.
    if (text.startsWith('HTTP/1.1 101')) socket.destroy();
  });
  // A reset counts as closed.
  socket.on('error', () => undefined);
  socket.write([...lines, '', ''].join('\r\n'));
  await closed;
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
};

/** The headers of a WebSocket's handshake, without `Host` and `Origin`. */
export const handshake: readonly string[] = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
