import type { SocketHandlers, Socket } from '../../../signaling/src/websocket.js';
import type { WebSocketHandle, WebSocketHandlers } from '../../src/common/websocket-like.js';

/** What travels on a socket, one after the other. `lost`: the other side's end without a word. */
type Frame =
  | { readonly kind: 'open' | 'ping' | 'pong' | 'lost' }
  | { readonly kind: 'text'; readonly bytes: Buffer }
  | { readonly kind: 'close'; readonly code: number };

/** Takes a new socket; undefined where nobody listens. */
export type Accept = (socket: Socket) => SocketHandlers | undefined;

export type Direction = 'to_server' | 'to_peer';

const describe = (frame: Frame): string => {
  switch (frame.kind) {
    case 'text':
      // Of a description, whose it is says enough.
      return frame.bytes.toString().replace(/"sdp":"v=0\\r\\no=- (\d+) [^"]*"/g, '"sdp":$1');
    case 'close':
      return `close ${frame.code}`;
    default:
      return frame.kind;
  }
};

/**
 * One WebSocket from a peer to the server, both ends of it. What either side sends waits in a queue until somebody
 * delivers it, and each side learns of the other's end by a frame alone: one may know what the other does not.
 */
export class SocketPair {
  readonly name: string;
  /** Nothing is delivered but by hand. */
  isHeld = false;
  readonly #accept: Accept;
  readonly #handlers: WebSocketHandlers;
  readonly #note: (line: string) => void;
  readonly #heard: (text: string) => void;
  #toServer: Frame[] = [{ kind: 'open' }];
  #toPeer: Frame[] = [];
  #peer: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  #server: 'none' | 'open' | 'closing' | 'closed' = 'none';
  #serverHandlers: SocketHandlers | undefined;
  /** What is sent vanishes, both ways, and nobody is told. */
  #isSwallowed = false;

  /**
   * @param note hears of every frame that arrives
   * @param heard what the peer said, when it arrives at the server
   */
  constructor(
    name: string,
    accept: Accept,
    handlers: WebSocketHandlers,
    note: (line: string) => void,
    heard: (text: string) => void,
  ) {
    this.name = name;
    this.#heard = heard;
    this.#accept = accept;
    this.#handlers = handlers;
    this.#note = note;
  }

  get isOver(): boolean {
    const isDone = this.#peer === 'closed' && this.#server !== 'open' && this.#server !== 'closing';
    return isDone && this.#toServer.length === 0 && this.#toPeer.length === 0;
  }

  waits(direction: Direction): boolean {
    return (direction === 'to_server' ? this.#toServer : this.#toPeer).length > 0;
  }

  /** The peer's end. */
  readonly handle: WebSocketHandle = ((pair: SocketPair) => ({
    get isOpen() {
      return pair.#peer === 'open';
    },
    send: (text: string) => {
      if (pair.#peer === 'open') pair.#push('to_server', { kind: 'text', bytes: Buffer.from(text) });
    },
    close: (code: number) => {
      if (pair.#peer === 'open') {
        pair.#peer = 'closing';
        pair.#push('to_server', { kind: 'close', code });
      } else if (pair.#peer === 'connecting') {
        pair.#peer = 'closed';
        pair.#push('to_server', { kind: 'lost' });
      }
    },
  }))(this);

  /** Brings the next frame of this direction to its end of the socket. */
  deliver(direction: Direction): void {
    const frame = (direction === 'to_server' ? this.#toServer : this.#toPeer).shift();
    if (!frame) return;
    this.#note(`${this.name} ${direction === 'to_server' ? '>' : '<'} ${describe(frame)}`);
    if (direction === 'to_server') this.#atServer(frame);
    else this.#atPeer(frame);
  }

  /** The socket is gone on the peer's side. What it has sent still arrives; the server hears of the end when `told`. */
  cutAtPeer(told: boolean): void {
    if (this.#peer === 'closed') return;
    this.#toPeer = [];
    if (told) this.#push('to_server', { kind: 'lost' });
    this.#endPeer(1006);
  }

  /** The same on the server's side. */
  cutAtServer(told: boolean): void {
    if (this.#server !== 'open' && this.#server !== 'closing') return;
    this.#toServer = [];
    if (told) this.#push('to_peer', { kind: 'lost' });
    this.#endServer(1006);
  }

  /** The network between the two swallows everything. */
  swallow(): void {
    this.#isSwallowed = true;
    this.#toServer = [];
    this.#toPeer = [];
  }

  /** The server's process is no more: nothing is carried out there any longer. */
  serverDied(told: boolean): void {
    this.#toServer = this.#server === 'none' ? this.#toServer : [];
    if (this.#server !== 'open' && this.#server !== 'closing') return;
    this.#server = 'closed';
    this.#serverHandlers = undefined;
    if (told) this.#push('to_peer', { kind: 'lost' });
  }

  /** The peer's process is no more. A page that is reloaded says 1001; one that is killed, or a phone that is off, nothing. */
  peerDied(how: 'reload' | 'reset' | 'silent'): void {
    if (this.#peer === 'closed') return;
    if (how === 'reload' && this.#peer === 'open') this.#push('to_server', { kind: 'close', code: 1001 });
    else if (how !== 'silent') this.#push('to_server', { kind: 'lost' });
    this.#peer = 'closed';
    this.#toPeer = [];
  }

  #push(direction: Direction, frame: Frame): void {
    if (this.#isSwallowed) return;
    if (direction === 'to_server') this.#toServer.push(frame);
    else if (this.#peer !== 'closed') this.#toPeer.push(frame);
  }

  #atServer(frame: Frame): void {
    if (this.#server === 'closed') return;
    switch (frame.kind) {
      case 'open':
        this.#serverHandlers = this.#accept(this.#serverSocket);
        this.#server = this.#serverHandlers ? 'open' : 'closed';
        this.#push('to_peer', { kind: this.#serverHandlers ? 'open' : 'lost' });
        break;
      case 'text':
        this.#heard(frame.bytes.toString());
        this.#serverHandlers?.onFrame(frame.bytes, false);
        break;
      case 'pong':
        this.#serverHandlers?.onPong();
        break;
      case 'close':
        if (this.#server === 'open') this.#push('to_peer', frame);
        this.#endServer(frame.code);
        break;
      case 'lost':
        this.#endServer(1006);
        break;
      case 'ping':
        break;
      default:
        frame satisfies never;
    }
  }

  #atPeer(frame: Frame): void {
    if (this.#peer === 'closed') return;
    switch (frame.kind) {
      case 'open':
        if (this.#peer !== 'connecting') return;
        this.#peer = 'open';
        this.#handlers.onOpen();
        break;
      case 'text':
        this.#handlers.onText(frame.bytes.toString());
        break;
      case 'ping':
        this.#push('to_server', { kind: 'pong' });
        break;
      case 'close':
        if (this.#peer === 'open') this.#push('to_server', frame);
        this.#endPeer(frame.code);
        break;
      case 'lost':
        this.#endPeer(1006);
        break;
      case 'pong':
        break;
      default:
        frame satisfies never;
    }
  }

  #endPeer(code: number): void {
    this.#peer = 'closed';
    this.#toPeer = [];
    this.#handlers.onClose(code);
  }

  #endServer(code: number): void {
    this.#server = 'closed';
    const handlers = this.#serverHandlers;
    this.#serverHandlers = undefined;
    handlers?.onEnd(code);
  }

  readonly #closeAtServer = (code: number): void => {
    if (this.#server !== 'open') return;
    this.#server = 'closing';
    this.#push('to_peer', { kind: 'close', code });
  };

  /** The server's end, as `ws` behaves. */
  readonly #serverSocket: Socket = ((pair: SocketPair) => ({
    get bufferedBytes() {
      return pair.#toPeer.reduce((sum, frame) => sum + (frame.kind === 'text' ? frame.bytes.length : 0), 0);
    },
    send: (frame: string | Uint8Array) => {
      if (pair.#server === 'open') pair.#push('to_peer', { kind: 'text', bytes: Buffer.from(frame) });
    },
    ping: () => {
      if (pair.#server === 'open') pair.#push('to_peer', { kind: 'ping' });
    },
    // No peer here sends pings, and what is not read yet waits in a queue anyway.
    pong: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    close: pair.#closeAtServer,
    cutOff: pair.#closeAtServer,
    terminate: () => {
      queueMicrotask(() => {
        pair.cutAtServer(true);
      });
    },
  }))(this);
}
