import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { type RawData, type WebSocket, WebSocketServer } from 'ws';

import { FrameWatch } from './frame-watch.js';
import { Intake, type IntakeEnds } from './intake.js';
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

type Reader = (this: Duplex, bytes: Buffer) => void;

/**
 * One WebSocket of `ws`. Between its stream and the reader of `ws` lies an intake, and what comes as one plain frame is not
 * fed to that reader when it is at rest: it would tell of it a turn later, and take as long as all the rest does.
 *
 * A server has very many of these, most of them silent: one object each, and functions that all of them share.
 */
class ServerSocket implements Socket, IntakeEnds {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #reader: Reader | undefined;
  readonly #maxMessageBytes: number;
  readonly #watch = new FrameWatch();
  readonly #intake: Intake;
  #handlers: SocketHandlers | undefined;

  constructor(socket: WebSocket, stream: Duplex, maxMessageBytes: number) {
    this.#socket = socket;
    this.#stream = stream;
    this.#maxMessageBytes = maxMessageBytes;
    this.#intake = new Intake(this);
    const [reader] = stream.listeners('data') as Reader[];
    this.#reader = reader;
    // One by one: Node takes all listeners of a name away in a way that makes their table a large one.
    if (reader) stream.off('data', reader);
    belong(stream, this).on('data', onStreamData);
    // Before `ws` hears of it, which then looks for a close frame in what it has.
    stream.prependListener('close', onStreamClose);
    belong(socket, this).on('message', onMessage).on('ping', onPing).on('pong', onPong);
    socket.on('close', onClose).on('error', onError);
  }

  /** Who is told, from now on, of what comes. */
  set handlers(handlers: SocketHandlers) {
    this.#handlers = handlers;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: string | Uint8Array): void {
    if (!this.#isOpen()) return;
    // Without compression `ws` keeps nothing back: what is written past it takes its place among what it writes.
    if (typeof frame !== 'string' && frame.length <= copiedBytes) this.#stream.write(textFrame(frame));
    else this.#socket.send(frame, asText);
  }

  ping(): void {
    if (this.#isOpen()) this.#socket.ping();
  }

  pong(data: Uint8Array): void {
    if (this.#isOpen()) this.#socket.pong(data);
  }

  pause(): void {
    this.#intake.hold();
  }

  resume(): void {
    this.#intake.release();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  cutOff(code: number, reason: string): void {
    this.#intake.end();
    this.#socket.close(code, reason);
    this.#stream.end();
    throwAway(this.#stream);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  feed(bytes: Buffer): void {
    const frame = this.#watch.isAtRest ? readPlainFrame(bytes, this.#maxMessageBytes) : undefined;
    if (frame) {
      this.#handlers?.onFrame(frame, false);
      return;
    }
    this.#watch.onFed(bytes);
    this.#reader?.call(this.#stream, bytes);
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  onRead(): boolean {
    return this.#handlers?.onRead() ?? false;
  }

  onData(bytes: Buffer): void {
    this.#intake.onData(bytes);
  }

  onLost(): void {
    this.#intake.onLost();
  }

  onMessage(data: RawData, isBinary: boolean): void {
    this.#watch.onTold();
    this.#handlers?.onFrame(asBuffer(data), isBinary);
  }

  onPing(data: Buffer): void {
    this.#watch.onTold();
    this.#handlers?.onPing(data);
  }

  onPong(): void {
    this.#watch.onTold();
    this.#handlers?.onPong();
  }

  onClose(code: number): void {
    this.#handlers?.onEnd(code);
  }

  /** A frame against RFC 6455: `ws` answers with the right code and reads on without looking; 'close' follows. */
  onError(): void {
    this.#intake.end();
    throwAway(this.#stream);
    this.#handlers?.onFault();
  }

  #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }
}

/** Where an emitter keeps the socket that it is a part of. */
const whole = Symbol('whole');

type Part = (Duplex | WebSocket) & { [whole]?: ServerSocket };

const belong = <Emitter extends Duplex | WebSocket>(emitter: Emitter, socket: ServerSocket): Emitter =>
  Object.assign(emitter, { [whole]: socket });

function onStreamData(this: Part, bytes: Buffer): void {
  this[whole]?.onData(bytes);
}

function onStreamClose(this: Part): void {
  this[whole]?.onLost();
}

function onMessage(this: Part, data: RawData, isBinary: boolean): void {
  this[whole]?.onMessage(data, isBinary);
}

function onPing(this: Part, data: Buffer): void {
  this[whole]?.onPing(data);
}

function onPong(this: Part): void {
  this[whole]?.onPong();
}

function onClose(this: Part, code: number): void {
  this[whole]?.onClose(code);
}

function onError(this: Part): void {
  this[whole]?.onError();
}

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
        const wrapped = new ServerSocket(socket, stream, maxMessageBytes);
        wrapped.handlers = accept(wrapped);
      });
    },
  };
};
