import { WebSocket, WebSocketServer } from 'ws';

import { finallyDo } from './real-stage.js';

/** Where a frame is going. */
export type Direction = 'to_server' | 'to_phone';
type Payload = Readonly<Record<string, unknown>>;

/** A relay between one phone and the server that changes frames on their way. */
export class HostileRelay {
  /** Gives the frames that go on in this one's place. */
  edit: (frame: string, direction: Direction) => readonly string[] = (frame) => [frame];
  readonly seen: { readonly frame: string; readonly direction: Direction }[] = [];
  readonly #server: WebSocketServer;
  #toPhone: ((frame: string) => void) | undefined;
  #toServer: ((frame: string) => void) | undefined;

  private constructor(server: WebSocketServer, target: number) {
    this.#server = server;
    server.on('connection', (phone) => {
      const upstream = new WebSocket(`ws://127.0.0.1:${target}/signal`);
      const early: string[] = [];
      const sendUp = (frame: string): void => {
        if (upstream.readyState === WebSocket.OPEN) upstream.send(frame);
        else early.push(frame);
      };
      this.#toPhone = (frame) => {
        phone.send(frame);
      };
      this.#toServer = sendUp;
      upstream.on('open', () => {
        for (const frame of early.splice(0)) upstream.send(frame);
      });
      phone.on('message', (data: Buffer) => {
        for (const frame of this.#pass(data.toString(), 'to_server')) sendUp(frame);
      });
      upstream.on('message', (data: Buffer) => {
        for (const frame of this.#pass(data.toString(), 'to_phone')) phone.send(frame);
      });
      phone.on('close', () => {
        upstream.close();
      });
      upstream.on('close', () => {
        phone.close();
      });
      for (const socket of [phone, upstream]) socket.on('error', () => undefined);
    });
  }

  static async to(target: number): Promise<HostileRelay> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    finallyDo(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    return new HostileRelay(server, target);
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('no port');
    return address.port;
  }

  /** Changes the payload of the descriptions of one kind. */
  editDescriptions(type: 'offer' | 'answer', change: (payload: Payload) => Payload): void {
    this.edit = (frame) => {
      const message = JSON.parse(frame) as { readonly payload?: Payload };
      if (message.payload?.['type'] !== type) return [frame];
      return [JSON.stringify({ ...message, payload: change(message.payload) })];
    };
  }

  /** Says something of its own. */
  inject(frame: string, direction: Direction): void {
    (direction === 'to_phone' ? this.#toPhone : this.#toServer)?.(frame);
  }

  #pass(frame: string, direction: Direction): readonly string[] {
    this.seen.push({ frame, direction });
    return this.edit(frame, direction);
  }
}
