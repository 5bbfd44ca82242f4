import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { type RawData, type WebSocket, WebSocketServer } from 'ws';

import { FrameWatch } from './frame-watch.js';
import { Intake } from './intake.js';
import { readPlainFrame } from './plain-frame.js';
import { answerNoHandshake } from './plain-answer.js';

/** The subprotocol that is selected when offered, and never required. */
const subprotocol = 'proxim.v1';

/** Bytes, and reads, that one who was cut off may still send until he has heard why. */
const lastBytes = 1_048_576;
const lastReads = 256;

/** One accepted WebSocket, as the rest of the server sees it. */
export interface Socket {
  /** Bytes that the reader has not taken yet. */
  readonly bufferedBytes: number;
  /** Sends one text frame; bytes must be well-formed UTF-8. After the end it does nothing. */
  send(frame: string | Uint8Array): void;
  ping(): void;
  pong(data: Uint8Array): void;
  /** Reads nothing more until `resume`; what has been read already still arrives. */
  pause(): void;
  resume(): void;
  /** Says why, then ends. The other side is given no say. */
  close(code: number, reason: string): void;
  /** Says why, and listens no more: what still comes is thrown away unread, and soon ends the socket. */
  cutOff(code: number, reason: string): void;
  /** Ends at once, without a word. */
  terminate(): void;
}

export interface SocketHandlers {
  /** Bytes have come, of one frame, of many, or of a part of one. @returns whether they may be many */
  onRead(): boolean;
  onFrame(bytes: Buffer, isBinary: boolean): void;
  onPing(data: Buffer): void;
  onPong(): void;
  /** Something that is no WebSocket frame, too large, or in too many pieces. The other side is being told. */
  onFault(): void;
  /** Called once. `code` is the one that the other side's close frame carried, 1006 when there was none. */
  onEnd(code: number): void;
}

export interface Upgrader {
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, accept: (socket: Socket) => SocketHandlers): void;
}

/** Bytes up to which a frame is copied behind its head: below this it costs less than to write the two apart. */
const copiedBytes = 4000;

/** One whole text frame as a server sends it (RFC 6455, section 5.2), of less than 64 KiB. */
const textFrame = (body: Uint8Array): Buffer => {
  const { length } = body;
  const start = length < 126 ? 2 : 4;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x81;
  if (start === 2) frame[1] = length;
  else {
    frame[1] = 126;
    frame[2] = length >> 8;
    frame[3] = length & 0xff;
  }
  frame.set(body, start);
  return frame;
};

const asBuffer = (data: RawData): Buffer => {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
};

/** Takes what comes and throws it away; a reset instead could overtake the close frame. */
const throwAway = (stream: Duplex): void => {
  let bytes = 0;
  let reads = 0;
  stream.removeAllListeners('data');
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    reads += 1;
    if (bytes > lastBytes || reads > lastReads) stream.destroy();
  });
  stream.resume();
};

const asText = { binary: false };

const wrap = (socket: WebSocket, stream: Duplex, intake: Intake): Socket => ({
  get bufferedBytes() {
    return socket.bufferedAmount;
  },
  send: (frame) => {
    if (socket.readyState !== socket.OPEN) return;
    // Without compression `ws` keeps nothing back: what is written past it takes its place among what it writes.
    if (typeof frame !== 'string' && frame.length <= copiedBytes) stream.write(textFrame(frame));
    else socket.send(frame, asText);
  },
  ping: () => {
    if (socket.readyState === socket.OPEN) socket.ping();
  },
  pong: (data) => {
    if (socket.readyState === socket.OPEN) socket.pong(data);
  },
  pause: () => {
    intake.hold();
  },
  resume: () => {
    intake.release();
  },
  close: (code, reason) => {
    socket.close(code, reason);
  },
  cutOff: (code, reason) => {
    intake.end();
    socket.close(code, reason);
    stream.end();
    throwAway(stream);
  },
  terminate: () => {
    socket.terminate();
  },
});

/**
 * Puts an intake between the stream and the reader of `ws`, which listens to it already. What comes as one plain frame is
 * not fed to that reader when it is at rest: it would tell of it a turn later, and take as long as all the rest does.
 */
const putIntake = (
  socket: WebSocket,
  stream: Duplex,
  { maxMessageBytes, handlers }: { readonly maxMessageBytes: number; readonly handlers: () => SocketHandlers },
): Intake => {
  const [reader] = stream.listeners('data');
  const watch = new FrameWatch();
  stream.removeAllListeners('data');
  const intake = new Intake({
    feed: (bytes) => {
      const frame = watch.isAtRest ? readPlainFrame(bytes, maxMessageBytes) : undefined;
      if (frame) {
        handlers().onFrame(frame, false);
        return;
      }
      watch.onFed(bytes);
      reader?.call(stream, bytes);
    },
    pause: () => {
      socket.pause();
    },
    resume: () => {
      socket.resume();
    },
    onRead: () => handlers().onRead(),
  });
  stream.on('data', (bytes: Buffer) => {
    intake.onData(bytes);
  });
  // Before `ws` hears of it, which then looks for a close frame in what it has.
  stream.prependListener('close', () => {
    intake.onLost();
  });
  for (const name of ['message', 'ping', 'pong'] as const) {
    socket.on(name, () => {
      watch.onTold();
    });
  }
  return intake;
};

/** Makes WebSockets of HTTP upgrades. Frames above `maxMessageBytes` end the connection with 1009, as `ws` does it. */
export const createUpgrader = ({ maxMessageBytes }: { readonly maxMessageBytes: number }): Upgrader => {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    // A frame of 64 KiB may have 128 fragments, and arrive in 1024 segments: that is 64 bytes each.
    maxFragments: Math.max(16, Math.ceil(maxMessageBytes / 512)),
    maxBufferedChunks: Math.max(128, Math.ceil(maxMessageBytes / 64)),
    // One frame of a connection, then the others have their turn: a full read can hold thousands.
    allowSynchronousEvents: false,
    autoPong: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  server.on('wsClientError', answerNoHandshake);
  return {
    upgrade: (request, stream, head, accept) => {
      server.handleUpgrade(request, stream, head, (socket) => {
        const intake = putIntake(socket, stream, { maxMessageBytes, handlers: () => handlers });
        const handlers = accept(wrap(socket, stream, intake));
        socket.on('message', (data, isBinary) => {
          handlers.onFrame(asBuffer(data), isBinary);
        });
        socket.on('ping', (data) => {
          handlers.onPing(data);
        });
        socket.on('pong', () => {
          handlers.onPong();
        });
        socket.on('close', (code) => {
          handlers.onEnd(code);
        });
        // A frame against RFC 6455: `ws` answers with the right code and reads on without looking; 'close' follows.
        socket.on('error', () => {
          intake.end();
          throwAway(stream);
          handlers.onFault();
        });
      });
    },
  };
};
