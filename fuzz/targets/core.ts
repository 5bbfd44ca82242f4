import { parseClientMessage, parseServerMessage } from '@proxim/protocol';

import { ServerProcess } from '../../packages/peer/test/model/server-process.js';
import type { Socket, SocketHandlers } from '../../packages/signaling/src/websocket.js';
import { clientMessage, someNames } from '../generate/messages.js';
import { strangeJson } from '../generate/strange.js';
import type { Random } from '../random.js';
import { must, type Target } from '../target.js';

/** What happens at one of the server's sockets. A prompt's name cannot be guessed, so that `$prompt` stands for the last. */
type Action =
  | { readonly kind: 'frame'; readonly at: number; readonly text: string }
  | { readonly kind: 'bytes'; readonly at: number; readonly bytes: Buffer; readonly isBinary: boolean }
  | { readonly kind: 'pong' | 'slow'; readonly at: number }
  | { readonly kind: 'end'; readonly at: number; readonly code: number }
  | { readonly kind: 'wait'; readonly ms: number };

const sockets = 5;
const names = { ...someNames, prompts: ['$prompt'] };

const anyAction = (random: Random): Action => {
  const at = random.int(sockets);
  switch (random.int(24)) {
    case 0: {
      const text = Buffer.from(strangeJson(random, clientMessage(random, names)));
      // UTF-8 that ends in the middle, or was none.
      for (let left = random.int(4); left > 0 && text.length > 0; left -= 1)
        text[random.int(text.length)] = random.bits();
      return { kind: 'bytes', at, bytes: text, isBinary: random.once(8) };
    }
    case 1:
      return { kind: 'pong', at };
    case 2:
      return random.once(8) ? { kind: 'slow', at } : { kind: 'pong', at };
    case 3:
      return { kind: 'end', at, code: random.pick([1000, 1001, 1005, 1006, 1009, 4000, 65_535]) };
    case 4:
      return { kind: 'wait', ms: random.pick([0, 1, 100, 5000, 15_000, 60_000]) };
    default: {
      const message = clientMessage(random, names);
      return { kind: 'frame', at, text: random.once(2) ? JSON.stringify(message) : strangeJson(random, message) };
    }
  }
};

/** The peer's end of a socket that is not there: it checks what the server says. */
class Seat {
  handlers: SocketHandlers | undefined;
  heard = 0;
  isSlow = false;
  isClosing = false;
  prompt = '';

  readonly socket: Socket = ((seat: Seat) => ({
    get bufferedBytes() {
      return seat.isSlow ? 2 ** 30 : 0;
    },
    send: (frame: string | Uint8Array) => {
      must(!seat.isClosing, 'speaks after its goodbye');
      seat.heard += 1;
      const said = parseServerMessage(typeof frame === 'string' ? frame : Buffer.from(frame).toString());
      must(said.ok, 'the server says what no peer can read');
      if (said.ok && said.value.type === 'pair_prompt') seat.prompt = said.value.promptID ?? '';
    },
    ping: () => undefined,
    pong: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    close: () => {
      seat.isClosing = true;
    },
    cutOff: () => {
      seat.isClosing = true;
    },
    terminate: () => {
      seat.isClosing = true;
    },
  }))(this);
}

class Run {
  readonly #server: ServerProcess;
  readonly #seats = new Map<number, Seat>();

  constructor() {
    let next = 0;
    this.#server = new ServerProcess(() => `random-${(next += 1)}`, { pairBurst: 1000, signalBurst: 100 });
  }

  #seat(at: number): Seat {
    const before = this.#seats.get(at);
    if (before) return before;
    const seat = new Seat();
    seat.handlers = this.#server.accept(seat.socket, `127.0.0.${at + 1}`);
    this.#seats.set(at, seat);
    return seat;
  }

  /** Sockets that the server has closed are over before anything else happens. */
  #sweep(): void {
    for (const [at, seat] of this.#seats) if (seat.isClosing) this.#end(at, 1006);
  }

  #end(at: number, code: number): void {
    const seat = this.#seats.get(at);
    this.#seats.delete(at);
    seat?.handlers?.onEnd(code);
  }

  #hear(at: number, bytes: Buffer, isBinary: boolean): void {
    const seat = this.#seat(at);
    const before = seat.heard;
    seat.handlers?.onFrame(bytes, isBinary);
    const isAnswered = seat.heard > before || seat.isClosing;
    if (isBinary || !parseClientMessage(bytes.toString()).ok) must(isAnswered, 'a frame that is none is not answered');
  }

  act(action: Action): void {
    switch (action.kind) {
      case 'frame': {
        const prompt = [...this.#seats.values()].find((seat) => seat.prompt !== '')?.prompt ?? 'none';
        this.#hear(action.at, Buffer.from(action.text.replace('$prompt', prompt)), false);
        break;
      }
      case 'bytes':
        this.#hear(action.at, action.bytes, action.isBinary);
        break;
      case 'pong':
        this.#seat(action.at).handlers?.onPong();
        break;
      case 'slow':
        this.#seat(action.at).isSlow = true;
        break;
      case 'end':
        this.#end(action.at, action.code);
        break;
      case 'wait':
        this.#server.clock.advance(action.ms);
        break;
      default:
        action satisfies never;
    }
    this.#sweep();
  }

  finish(): void {
    this.#end(0, 1006);
    const seat = this.#seat(0);
    seat.handlers?.onFrame(Buffer.from('{"type":"ping"}'), false);
    must(seat.heard === 1, 'a new connection is not answered');
    this.#server.shutDown();
    this.#sweep();
    for (const at of Array.from({ length: sockets }).keys()) this.#end(at, 1000);
    const { connections, sessions, timers } = this.#server.counts;
    must(
      connections + sessions + timers === 0,
      `${connections} connections, ${sessions} sessions, ${timers} timers stay`,
    );
  }
}

export const core: Target<readonly Action[]> = {
  name: 'server-core',
  weight: 7,
  open: () => ({
    generate: (random) => Array.from({ length: 1 + random.int(60) }, () => anyAction(random)),
    feed: (actions) => {
      const run = new Run();
      for (const action of actions) run.act(action);
      run.finish();
      return actions.length;
    },
  }),
};
