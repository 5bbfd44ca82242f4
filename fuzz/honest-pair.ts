import { once } from 'node:events';

import { type ClientMessage, parseServerMessage, type ServerMessage, type SessionID } from '@proxim/protocol';
import { WebSocket } from 'ws';

import { Broken } from './target.js';

const uuid = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const limitMs = 10_000;

/** One honest peer: it reads what it is sent in order, and everything it is sent must be meant for it. */
class HonestPeer {
  readonly #socket: WebSocket;
  readonly #heard: ServerMessage[] = [];
  #wake: () => void = () => undefined;
  #fault: string | undefined;

  constructor(port: number) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/signal`);
    this.#socket.on('message', (data: Buffer) => {
      const read = parseServerMessage(data.toString());
      if (read.ok) this.#heard.push(read.value);
      else this.#fault = 'an honest peer hears what it cannot read';
      this.#wake();
    });
    this.#socket.on('close', (code) => {
      this.#fault ??= `an honest peer was closed: ${code}`;
      this.#wake();
    });
    this.#socket.on('error', () => undefined);
  }

  async open(): Promise<void> {
    await once(this.#socket, 'open');
  }

  say(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  async next<Type extends ServerMessage['type']>(type: Type): Promise<Extract<ServerMessage, { type: Type }>> {
    const limit = AbortSignal.timeout(limitMs);
    for (;;) {
      const message = this.#heard.shift();
      if (message) {
        if (message.type === type) return message as Extract<ServerMessage, { type: Type }>;
        throw new Broken(`an honest peer hears ${JSON.stringify(message)}, and not ${type}`);
      }
      if (this.#fault !== undefined) throw new Broken(this.#fault);
      if (limit.aborted) throw new Broken(`an honest peer waits for ${type}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        limit.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close(1000);
    await closed;
  }
}

/** A desktop and its phone, which have their session whatever others do. */
export class HonestPair {
  readonly sessionID = 'honest-session' as SessionID;
  readonly #desktop: HonestPeer;
  readonly #phone: HonestPeer;
  #turns = 0;

  constructor(port: number) {
    this.#desktop = new HonestPeer(port);
    this.#phone = new HonestPeer(port);
  }

  get turns(): number {
    return this.#turns;
  }

  async pair(): Promise<void> {
    const { sessionID } = this;
    await Promise.all([this.#desktop.open(), this.#phone.open()]);
    this.#desktop.say({ type: 'session_create', sessionID, uuid, sessionType: 'persistent' });
    await this.#desktop.next('session_created');
    this.#phone.say({ type: 'pair_request', sessionID, deviceInfo: { name: 'Pixel', id: 'honest-phone' } });
    const { promptID } = await this.#desktop.next('pair_prompt');
    this.#desktop.say({ type: 'pair_response', sessionID, approved: true, ...(promptID && { promptID }) });
    await this.#phone.next('pair_result');
  }

  /** One signal each way, as it was sent. */
  async turn(): Promise<void> {
    const { sessionID } = this;
    const legs = [
      [this.#phone, this.#desktop],
      [this.#desktop, this.#phone],
    ] as const;
    for (const [from, to] of legs) {
      this.#turns += 1;
      const said = { candidate: `turn ${this.#turns} ä😀` };
      from.say({ type: 'signal', sessionID, payload: said });
      const { payload } = await to.next('signal');
      if (JSON.stringify(payload) !== JSON.stringify(said)) throw new Broken('a signal arrives as another one');
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#desktop.close(), this.#phone.close()]);
  }
}
