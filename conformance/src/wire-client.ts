import { type ClientOptions, WebSocket } from 'ws';

/** A frame that was received: its text as it came, and what it says. */
export interface Frame {
  readonly text: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** How a connection ended: the code of the close frame, 1006 when there was none. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** How long a frame or an end may take: on one machine that is an age. */
const patienceMs = 5000;

/** Rejects `promise` with these words when it takes longer than `ms`. */
const inTime = <Value>(promise: Promise<Value>, ms: number, words: () => string): Promise<Value> =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(ms);
    const onLate = (): void => reject(new Error(words()));
    signal.addEventListener('abort', onLate);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onLate));
  });

/** One connection to a signaling server that takes everything in order and misses nothing. */
export class WireClient {
  readonly socket: WebSocket;
  /** Resolves when the connection has ended, however. */
  readonly ended: Promise<Ending>;
  readonly #name: string;
  readonly #frames: Frame[] = [];
  #wake: (() => void) | undefined;

  private constructor(url: string, name: string, options: ClientOptions, protocols: readonly string[]) {
    this.#name = name;
    this.socket = new WebSocket(url, [...protocols], { perMessageDeflate: false, ...options });
    this.socket.on('message', (data: Buffer, isBinary) => {
      const text = data.toString();
      this.#frames.push({
        text,
        message: isBinary ? { type: 'a binary frame' } : (JSON.parse(text) as Frame['message']),
      });
      this.#wake?.();
    });
    this.ended = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake?.();
      });
    });
  }

  /**
   * Opens a connection.
   *
   * @throws the error of `ws` when the upgrade is refused
   */
  static connect(
    url: string,
    {
      name = 'client',
      protocols = [],
      ...options
    }: ClientOptions & { name?: string; protocols?: readonly string[] } = {},
  ): Promise<WireClient> {
    const client = new WireClient(url, name, options, protocols);
    const opened = new Promise<WireClient>((resolve, reject) => {
      client.socket.once('open', () => resolve(client));
      client.socket.on('error', reject);
    });
    return inTime(opened, patienceMs, () => `${name}: no connection to ${url} in ${patienceMs} ms`);
  }

  /** Sends a message as JSON, or a text or bytes as they are. */
  send(frame: object | string | Buffer): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** The next frame, which has to be of this type: another one, the end, or silence fails. */
  async next(type: string, ms = patienceMs): Promise<Frame['message']> {
    return (await this.nextFrame(type, ms)).message;
  }

  async nextFrame(type: string, ms = patienceMs): Promise<Frame> {
    if (this.#frames.length === 0 && this.socket.readyState !== WebSocket.CLOSED) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await inTime(woken, ms, () => `${this.#name}: waited ${ms} ms for ${type}, and nothing came`);
    }
    const frame = this.#frames.shift();
    if (!frame) throw new Error(`${this.#name}: waited for ${type}, and the connection ended`);
    if (frame.message['type'] !== type) throw new Error(`${this.#name}: waited for ${type}, and got ${frame.text}`);
    return frame;
  }

  /**
   * Passes when the server has said nothing more: it answers a `ping` after all that it sent before. Everything that
   * this client has sent is dealt with by then.
   */
  async quiet(): Promise<void> {
    this.send({ type: 'ping' });
    await this.next('pong');
  }

  /** Waits for the end. */
  end(ms = patienceMs): Promise<Ending> {
    return inTime(this.ended, ms, () => `${this.#name}: the connection did not end in ${ms} ms`);
  }

  /** Leaves with a close frame: of this code, or with none. */
  leave(code?: number): Promise<Ending> {
    this.socket.close(code);
    return this.end();
  }

  /** Is lost: the socket ends without a word. */
  lose(): Promise<Ending> {
    this.socket.terminate();
    return this.end();
  }
}
