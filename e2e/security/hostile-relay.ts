import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import {
  controlChannels,
  controlVersion,
  encodeMotion,
  noMotion,
  type PhoneMessage,
  unitsPerPixel,
} from '@proxim/control';
import type { DirectChannel, OfferingConnection } from '@proxim/peer';
import { loadNodeRtcEngine } from '@proxim/peer/node';
import { readSignal } from '@proxim/protocol';
import { createSignalingServer, type SignalingServer } from '@proxim/signaling';
import { WebSocket, WebSocketServer } from 'ws';

export type Side = 'desktop' | 'phone';
/** Where a frame is: on its way from a side to the server, or from the server to a side. */
export type Way = `${'from' | 'to'}_${Side}`;
export type Message = Readonly<Record<string, unknown>>;

/** A frame that came by, as it was before the relay touched it. */
export interface Passed {
  readonly frame: string;
  readonly way: Way;
}

/** Gives the frames that go on in this one's place. */
export type Lie = (frame: string, way: Way) => readonly string[];

export const messageOf = (frame: string): Message => JSON.parse(frame) as Message;
export const payloadOf = (frame: string): Message => (messageOf(frame)['payload'] ?? {}) as Message;
export const isType = (frame: string, type: string): boolean => messageOf(frame)['type'] === type;
export const isDescription = (frame: string, type: 'offer' | 'answer'): boolean => payloadOf(frame)['type'] === type;
export const isCandidate = (frame: string): boolean => isType(frame, 'signal') && 'candidate' in payloadOf(frame);

/** Changes the payload of the descriptions of one kind, wherever they pass. */
export const editing =
  (type: 'offer' | 'answer', change: (payload: Message) => Message): Lie =>
  (frame) =>
    isDescription(frame, type) ? [JSON.stringify({ ...messageOf(frame), payload: change(payloadOf(frame)) })] : [frame];

interface Leg {
  side: Side;
  readonly client: WebSocket;
  readonly upstream: WebSocket;
  toServer(frame: string): void;
}

/** A signaling server that is not honest: a real one behind a proxy that reads, changes, keeps and makes up frames. */
export class HostileRelay {
  /** What becomes of each frame. */
  lie: Lie = (frame) => [frame];
  readonly passed: Passed[] = [];
  /** Hears each frame as it came. */
  overhear: (frame: string, way: Way) => void = () => undefined;
  readonly #honest: SignalingServer;
  readonly #server: WebSocketServer;
  readonly #legs = new Set<Leg>();
  readonly #waiting = new Set<() => void>();

  private constructor(honest: SignalingServer, honestPort: number, server: WebSocketServer) {
    this.#honest = honest;
    this.#server = server;
    server.on('connection', (client) => {
      this.#join(client, `ws://127.0.0.1:${String(honestPort)}/signal`);
    });
  }

  static async start(): Promise<HostileRelay> {
    // All of a test's phones ask from one address.
    const honest = createSignalingServer({ limits: { pairBurst: 1000 } });
    const { port } = await honest.listen({ port: 0, host: '127.0.0.1' });
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return new HostileRelay(honest, port, server);
  }

  get url(): string {
    return `ws://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Says something to one side, of its own accord. */
  say(to: Side, message: Message): void {
    for (const { side, client } of this.#legs) if (side === to) client.send(JSON.stringify(message));
  }

  /** Says something to the honest server, in the name of one side. */
  sayFor(side: Side, frame: string): void {
    for (const leg of this.#legs) if (leg.side === side) leg.toServer(frame);
  }

  /** Hangs up on one side, with this code. */
  hangUp(on: Side, code: number): void {
    for (const { side, client } of this.#legs) if (side === on) client.close(code);
  }

  /** The first frame from the `from`th on for which `isIt` holds; waits for it. */
  seen(isIt: (frame: string, way: Way) => boolean, from = 0): Promise<string> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.passed.slice(from).find(({ frame, way }) => isIt(frame, way));
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found.frame);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
    await this.#honest.close();
  }

  #join(client: WebSocket, url: string): void {
    const upstream = new WebSocket(url);
    const early: string[] = [];
    const leg: Leg = {
      side: 'phone',
      client,
      upstream,
      toServer: (frame) => {
        if (upstream.readyState === WebSocket.OPEN) upstream.send(frame);
        else early.push(frame);
      },
    };
    this.#legs.add(leg);
    upstream.on('open', () => {
      for (const frame of early.splice(0)) upstream.send(frame);
    });
    client.on('message', (data: Buffer) => {
      const frame = data.toString();
      if (isType(frame, 'session_create')) leg.side = 'desktop';
      for (const other of this.#pass(frame, `from_${leg.side}`)) leg.toServer(other);
    });
    upstream.on('message', (data: Buffer) => {
      for (const other of this.#pass(data.toString(), `to_${leg.side}`)) client.send(other);
    });
    client.on('close', (code) => {
      this.#legs.delete(leg);
      // What the server makes of an end depends on how it came.
      if (upstream.readyState === WebSocket.CONNECTING || code === 1006) upstream.terminate();
      else upstream.close(code === 1005 ? 1000 : code);
    });
    upstream.on('close', (code) => {
      client.close(code < 1004 || code > 1006 ? code : 1000);
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
  }

  #pass(frame: string, way: Way): readonly string[] {
    this.passed.push({ frame, way });
    this.overhear(frame, way);
    const others = this.lie(frame, way);
    for (const look of [...this.#waiting]) look();
    return others;
  }
}

/** What somebody who wants control has: an engine of their own, with the channels of a phone. */
export interface Intruder {
  readonly connection: OfferingConnection;
  /** Its offer; as an answer it would be of the other role. */
  readonly offer: string;
  /** What it got out of it: the channels that opened, and the states of its connection. */
  readonly channels: readonly string[];
  readonly states: readonly string[];
}

/**
 * Makes an engine that moves the pointer and types as soon as it can. It takes whatever answer comes by for one to its
 * own offer, and sends its candidates to the desktop then.
 */
export const intrude = async (relay: HostileRelay, sessionID: string): Promise<Intruder> => {
  const channels: string[] = [];
  const states: string[] = [];
  const engine = await loadNodeRtcEngine();
  const connection = engine.offer({
    iceServers: [],
    channels: [{ label: 'proxim', ordered: true }, ...Object.values(controlChannels)],
    handlers: {
      onCandidate: (candidate) => {
        relay.say('desktop', { type: 'signal', sessionID, payload: candidate });
      },
      onState: (state) => states.push(state),
      onChannel: (channel) => {
        channels.push(channel.label);
        useIt(channel);
      },
    },
  });
  relay.overhear = (frame, way) => {
    if (way !== 'to_phone' || !isType(frame, 'signal')) return;
    const signal = readSignal(payloadOf(frame));
    if (signal.kind === 'candidate') connection.addCandidate(signal.candidate);
    // An engine that has an answer already says no to another one.
    if (signal.kind === 'description') connection.acceptAnswer(signal.sdp).catch(() => undefined);
  };
  return { connection, offer: await connection.createOffer(), channels, states };
};

/** Does what a phone could do with this channel: far to the right and down, a click, a word. */
const useIt = (channel: DirectChannel): void => {
  if (channel.label === controlChannels.motion.label) {
    channel.send(encodeMotion({ ...noMotion, sequence: 1, x: 500 * unitsPerPixel, y: 500 * unitsPerPixel }));
  }
  if (channel.label !== controlChannels.control.label) return;
  const messages: readonly PhoneMessage[] = [
    { type: 'hello', version: controlVersion, name: 'Intruder' },
    { type: 'text', text: 'intruder' },
  ];
  for (const message of messages) channel.send(JSON.stringify(message));
};
