import { closeCodes, type ConnectionID, type Limits, withDefaultLimits } from '@proxim/protocol';
import { ManualClock } from '@proxim/protocol/testing';

import { addressKey, AddressTable } from '../../../signaling/src/address.js';
import { createMemoryBus } from '../../../signaling/src/bus/memory-bus.js';
import { Connection, type ConnectionContext, rulesOfConnections } from '../../../signaling/src/connection.js';
import { silentObserver } from '../../../signaling/src/observer.js';
import { SessionRuntime } from '../../../signaling/src/session-runtime.js';
import type { Socket, SocketHandlers } from '../../../signaling/src/websocket.js';

const drainMs = 1000;

/**
 * One run of the server's program: its own connections, sessions, limits, heartbeats and buckets, put together as
 * `createSignalingServer` does it, on sockets that come from elsewhere.
 */
export class ServerProcess {
  readonly clock = new ManualClock();
  readonly limits: Limits;
  /** Its clock stands still, and it reads nothing. */
  isAsleep = false;
  #status: 'up' | 'draining' | 'down' | 'killed' = 'up';
  readonly #context: ConnectionContext;
  readonly #runtime: SessionRuntime;
  readonly #addresses: AddressTable;
  readonly #connections = new Set<Connection>();
  #drained: (() => void) | undefined;

  constructor(randomID: () => string, limits: Partial<Limits> = {}) {
    this.limits = withDefaultLimits(limits);
    const { clock } = this;
    const bus = createMemoryBus();
    this.#runtime = new SessionRuntime({
      clock,
      bus,
      limits: this.limits,
      iceServers: () => [],
      observer: silentObserver,
    });
    this.#addresses = new AddressTable(this.limits, clock);
    this.#context = {
      clock,
      ids: { random: randomID },
      bus,
      runtime: this.#runtime,
      limits: this.limits,
      ...rulesOfConnections(this.limits),
      turns: { add: (work) => work() },
      authorizeDesktop: () => true,
      isStopping: () => this.#status !== 'up',
      observer: silentObserver,
      onGone: (connection) => {
        if (!this.#connections.delete(connection)) return;
        connection.address.connections -= 1;
        if (this.#connections.size === 0) this.#drained?.();
      },
    };
  }

  get status(): 'up' | 'draining' | 'down' | 'killed' {
    return this.#status;
  }

  /** Whether anything is carried out there. */
  get runs(): boolean {
    return this.#status === 'up' || this.#status === 'draining';
  }

  get counts(): { readonly connections: number; readonly sessions: number; readonly timers: number } {
    return {
      connections: this.#connections.size,
      sessions: this.#runtime.size,
      timers: this.clock.pendingTimers,
    };
  }

  accept(socket: Socket, address: string): SocketHandlers | undefined {
    if (this.#status !== 'up') return undefined;
    const record = this.#addresses.record(addressKey(address));
    const connection = new Connection(this.#context.ids.random() as ConnectionID, socket, record, this.#context);
    record.connections += 1;
    this.#connections.add(connection);
    return connection;
  }

  /** Ends in good order. */
  shutDown(): void {
    if (this.#status !== 'up') return;
    this.#status = 'draining';
    this.#runtime.stop(() => 1);
    for (const connection of this.#connections) connection.close(closeCodes.goingAway, 'the server is going down');
    if (this.#connections.size === 0) {
      this.#status = 'down';
      return;
    }
    const timer = this.clock.setTimer(drainMs, () => {
      for (const connection of this.#connections) connection.terminate();
    });
    this.#drained = () => {
      timer.cancel();
      this.#status = 'down';
    };
  }

  /** Dies, and with it all that it knew. */
  kill(): void {
    this.#status = 'killed';
  }
}
