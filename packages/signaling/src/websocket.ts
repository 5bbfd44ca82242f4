import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { type RawData, type WebSocket, WebSocketServer } from 'ws';

import { answerNoHandshake } from './plain-answer.js';

/** The subprotocol that is selected when offered, and never required. */
const subprotocol = 'proxim.v1';

/** One accepted WebSocket, as the rest of the server sees it. */
export interface Socket {
  /** Bytes that the reader has not taken yet. */
  readonly bufferedBytes: number;
  /** Sends one text frame; bytes must be well-formed UTF-8. After the end it does nothing. */
  send(frame: string | Uint8Array): void;
  ping(): void;
  /** Says why, then ends. The other side is given no say. */
  close(code: number, reason: string): void;
  /** Ends at once, without a word. */
  terminate(): void;
}

export interface SocketHandlers {
  onFrame(bytes: Buffer, isBinary: boolean): void;
  onPong(): void;
  /** Called once. `code` is the one that the other side's close frame carried, 1006 when there was none. */
  onEnd(code: number): void;
}

export interface Upgrader {
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, accept: (socket: Socket) => SocketHandlers): void;
}

const asBuffer = (data: RawData): Buffer => {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
};

const wrap = (socket: WebSocket): Socket => ({
  get bufferedBytes() {
    return socket.bufferedAmount;
  },
  send: (frame) => {
    if (socket.readyState === socket.OPEN) socket.send(frame, { binary: false });
  },
  ping: () => {
    if (socket.readyState === socket.OPEN) socket.ping();
  },
  close: (code, reason) => {
    socket.close(code, reason);
  },
  terminate: () => {
    socket.terminate();
  },
});

/** Makes WebSockets of HTTP upgrades. Frames above `maxMessageBytes` end the connection with 1009, as `ws` does it. */
export const createUpgrader = (options: { readonly maxMessageBytes: number }): Upgrader => {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxMessageBytes,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  server.on('wsClientError', answerNoHandshake);
  return {
    upgrade: (request, stream, head, accept) => {
      server.handleUpgrade(request, stream, head, (socket) => {
        const handlers = accept(wrap(socket));
        socket.on('message', (data, isBinary) => {
          handlers.onFrame(asBuffer(data), isBinary);
        });
        socket.on('pong', () => {
          handlers.onPong();
        });
        socket.on('close', (code) => {
          handlers.onEnd(code);
        });
        // A frame against RFC 6455: `ws` answers with the right code and ends; 'close' follows.
        socket.on('error', () => undefined);
      });
    },
  };
};
