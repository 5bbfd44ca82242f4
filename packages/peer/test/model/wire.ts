import { parseClientMessage } from '@proxim/protocol';

import type { WebSocketHandlers } from '../../src/common/websocket-like.js';
import { settle } from '../stage/settle.js';
import type { Host } from './host.js';
import { ServerProcess } from './server-process.js';
import { type Direction, SocketPair } from './socket-pair.js';

/** Whole numbers below `n`, the same for the same seed (mulberry32). */
const pickWith = (seed: number): ((n: number) => number) => {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
};

interface Line {
  readonly pair: SocketPair;
  readonly host: Host;
  server: ServerProcess | undefined;
}

/** The server, and every socket to it: decides which frame arrives next. */
export class Wire {
  readonly servers: ServerProcess[] = [];
  readonly transcript: string[] = [];
  /** How many requests of each device have come in at a server. */
  readonly requests = new Map<string, number>();
  readonly #pick: (n: number) => number;
  #lines: Line[] = [];
  #opened = 0;
  #ids = 0;

  constructor(seed: number) {
    this.#pick = pickWith(seed);
    this.startServer();
  }

  get server(): ServerProcess {
    return this.servers.at(-1)!;
  }

  /** Sockets that are not over, oldest first. */
  get pairs(): readonly SocketPair[] {
    return this.#lines.map(({ pair }) => pair);
  }

  pairsOf(host: Host): readonly SocketPair[] {
    return this.#lines.filter((line) => line.host === host).map(({ pair }) => pair);
  }

  note(line: string): void {
    this.transcript.push(line);
  }

  /** A new process, unless one is up, or stands still on its way down. */
  startServer(): void {
    const before = this.servers.at(-1);
    if (before?.status === 'up' || before?.isAsleep === true) return;
    this.servers.push(
      new ServerProcess(() => {
        this.#ids += 1;
        return `id-${String(this.#ids).padStart(19, '0')}`;
      }),
    );
  }

  killServer(told: boolean): void {
    const { server } = this;
    server.isAsleep = false;
    server.kill();
    for (const line of this.#lines) if (line.server === server) line.pair.serverDied(told);
  }

  shutServerDown(): void {
    if (!this.server.isAsleep) this.server.shutDown();
  }

  open(host: Host, handlers: WebSocketHandlers): SocketPair {
    this.#opened += 1;
    const line: Line = {
      host,
      server: undefined,
      pair: new SocketPair(
        `${host.name}#${this.#opened}`,
        (socket) => {
          line.server = this.server;
          return line.server.accept(socket, host.address);
        },
        handlers,
        (text) => {
          this.note(text);
        },
        (text) => {
          this.#count(text);
        },
      ),
    };
    this.#lines.push(line);
    return line.pair;
  }

  /** Brings one frame of this direction on one of the sockets where something waits. */
  async deliverNext(which: number, direction: Direction): Promise<void> {
    const lines = this.#lines.filter((line) => this.#arrives(line, direction));
    lines[which % Math.max(1, lines.length)]?.pair.deliver(direction);
    await settle();
  }

  /** Brings all that arrives of itself, one frame after the other, in any order that keeps each socket's own. */
  async flow(): Promise<void> {
    await settle();
    for (;;) {
      const next = this.#lines.flatMap((line) =>
        line.pair.isHeld
          ? []
          : (['to_server', 'to_peer'] as const)
              .filter((direction) => this.#arrives(line, direction))
              .map((direction) => ({ pair: line.pair, direction })),
      );
      if (next.length === 0) break;
      const { pair, direction } = next[this.#pick(next.length)]!;
      pair.deliver(direction);
      await settle();
    }
    this.#lines = this.#lines.filter(({ pair }) => !pair.isOver);
  }

  #count(text: string): void {
    const parsed = parseClientMessage(text);
    if (!parsed.ok) throw new Error(`a peer sent ${text}`);
    if (parsed.value.type !== 'pair_request') return;
    const { id } = parsed.value.deviceInfo;
    this.requests.set(id, (this.requests.get(id) ?? 0) + 1);
  }

  #arrives({ pair, host, server }: Line, direction: Direction): boolean {
    if (!pair.waits(direction)) return false;
    if (direction === 'to_peer') return host.isAwake;
    return !(server ?? this.server).isAsleep;
  }
}
