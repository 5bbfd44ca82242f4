import type { OpenWebSocket, WebSocketHandlers } from '../../src/common/websocket-like.js';

export type Message = Readonly<Record<string, unknown>>;

/** A socket whose other end is the test. */
export class HandSocket {
  readonly url: string;
  readonly #handlers: WebSocketHandlers;
  readonly #sent: Message[] = [];
  #isOpen = false;
  /** The code with which the peer closed it. */
  closedWith: number | undefined;

  constructor(url: string, handlers: WebSocketHandlers) {
    this.url = url;
    this.#handlers = handlers;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(text: string): void {
    this.#sent.push(JSON.parse(text) as Message);
  }

  close(code: number): void {
    this.#isOpen = false;
    this.closedWith = code;
  }

  open(): void {
    this.#isOpen = true;
    this.#handlers.onOpen();
  }

  /** The server says something. */
  say(message: object | string): void {
    this.#handlers.onText(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The socket ends from the server's side, or on the way. */
  end(code = 1006): void {
    this.#isOpen = false;
    this.#handlers.onClose(code);
  }

  /** What the peer has sent since this was last asked. */
  take(): Message[] {
    return this.#sent.splice(0);
  }

  /** The one message of this type among what the peer has sent since; all of it counts as taken. */
  takeOne(type: string): Message {
    const found = this.take().filter((message) => message['type'] === type);
    const [only] = found;
    if (!only || found.length > 1) throw new Error(`${found.length} messages of type ${type}`);
    return only;
  }
}

/** Every socket that a peer opens, for the test to answer. */
export class HandSockets {
  readonly all: HandSocket[] = [];

  readonly open: OpenWebSocket = (url, _subprotocols, handlers) => {
    const socket = new HandSocket(url, handlers);
    this.all.push(socket);
    return socket;
  };

  get last(): HandSocket {
    const socket = this.all.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
}
