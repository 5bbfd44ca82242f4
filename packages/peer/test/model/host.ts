import type { CandidatePayload } from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';

import type { PeerEnvironment } from '../../src/index.js';
import type { ChannelSpec, DirectChannel, DirectHandlers, RtcEngine } from '../../src/common/rtc-engine.js';
import type { FakeConnection, FakeNetwork } from '../stage/fake-network.js';
import type { SocketPair } from './socket-pair.js';
import type { Wire } from './wire.js';

/** One process of a peer: a page, or the desktop's program. It can fall asleep, and die. */
export class Host {
  readonly name: string;
  readonly address: string;
  readonly clock = new ManualClock();
  readonly environment: PeerEnvironment;
  readonly connections: FakeConnection[] = [];
  readonly #network: FakeNetwork;
  readonly #sockets: SocketPair[] = [];
  /** What came while it slept. */
  #backlog: (() => void)[] = [];
  #status: 'awake' | 'asleep' | 'dead' = 'awake';
  /** Sees what arrives on this host's channels before the peer does. */
  onArrival: (label: string, data: string | Uint8Array) => void = () => undefined;

  constructor(options: {
    readonly name: string;
    readonly address: string;
    readonly wire: Wire;
    readonly network: FakeNetwork;
    readonly randomBytes: PeerEnvironment['randomBytes'];
  }) {
    const { name, address, wire, network, randomBytes } = options;
    this.name = name;
    this.address = address;
    this.#network = network;
    this.environment = {
      clock: {
        now: () => this.clock.now(),
        // A sleeping host's clock stands still; a dead one's is never looked at again.
        setTimer: (ms, callback) => this.clock.setTimer(ms, callback),
      },
      randomBytes,
      openWebSocket: (_url, _subprotocols, { onOpen, onText, onClose }) => {
        const pair = wire.open(this, {
          onOpen: this.#alive(onOpen),
          onText: this.#alive(onText),
          onClose: this.#alive(onClose),
        });
        this.#sockets.push(pair);
        return pair.handle;
      },
      loadRtcEngine: () => Promise.resolve(this.#engine),
    };
  }

  get isAwake(): boolean {
    return this.#status === 'awake';
  }

  get isDead(): boolean {
    return this.#status === 'dead';
  }

  sleep(): void {
    if (this.#status === 'awake') this.#status = 'asleep';
  }

  wakeUp(): void {
    if (this.#status !== 'asleep') return;
    this.#status = 'awake';
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const callback of backlog) this.#alive(callback)();
  }

  /** `reload`: both others are told; `reset`: the server is; `silent`: nobody. */
  die(how: 'reload' | 'reset' | 'silent'): void {
    this.#status = 'dead';
    this.#backlog = [];
    for (const pair of this.#sockets) pair.peerDied(how);
    for (const connection of this.connections) {
      if (how !== 'reload') {
        connection.isCut = true;
        if (connection.remote) connection.remote.isCut = true;
      }
      connection.close();
    }
  }

  readonly #engine: RtcEngine = {
    offer: ({ channels, handlers }) => this.#connect(channels, handlers),
    answer: ({ handlers }) => this.#connect([], handlers),
  };

  #connect(channels: readonly ChannelSpec[], handlers: DirectHandlers): FakeConnection {
    const made: FakeConnection = this.#network.connect(this.name, channels, {
      onCandidate: this.#alive((candidate: CandidatePayload) => {
        if (!made.isClosed) handlers.onCandidate(candidate);
      }),
      onState: this.#alive((state) => {
        if (!made.isClosed) handlers.onState(state);
      }),
      onChannel: this.#alive((channel: DirectChannel) => {
        if (!made.isClosed) handlers.onChannel(this.#guard(made, channel));
      }),
    });
    this.connections.push(made);
    return made;
  }

  #guard(connection: FakeConnection, channel: DirectChannel): DirectChannel {
    return {
      label: channel.label,
      bufferedBytes: 0,
      send: (data) => channel.send(data),
      onMessage: (listener) => {
        channel.onMessage(
          this.#alive((data: string | Uint8Array) => {
            if (connection.isClosed) return;
            this.onArrival(channel.label, data);
            listener(data);
          }),
        );
      },
      onClose: (listener) => {
        channel.onClose(this.#alive(listener));
      },
    };
  }

  /** Called now, or after the sleep, or never. */
  #alive<Args extends readonly unknown[]>(callback: (...args: Args) => void): (...args: Args) => void {
    return (...args) => {
      switch (this.#status) {
        case 'awake':
          callback(...args);
          break;
        case 'asleep':
          this.#backlog.push(() => {
            callback(...args);
          });
          break;
        case 'dead':
          break;
        default:
          this.#status satisfies never;
      }
    };
  }
}
