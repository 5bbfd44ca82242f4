import type { BusStatus } from './metrics.js';

type Stage = { readonly stage: 'starting' } | { readonly stage: 'listening' } | { readonly stage: 'draining' };

/** Whether new connections may be sent to this node. */
export class Readiness {
  readonly #isFull: () => boolean;
  readonly #busStatus: BusStatus | undefined;
  #now: Stage = { stage: 'starting' };

  constructor(options: { readonly isFull: () => boolean; readonly busStatus?: BusStatus | undefined }) {
    this.#isFull = options.isFull;
    this.#busStatus = options.busStatus;
  }

  listens(): void {
    if (this.#now.stage === 'starting') this.#now = { stage: 'listening' };
  }

  /** From here on it never is again. */
  drains(): void {
    this.#now = { stage: 'draining' };
  }

  /** What is in the way, in a sentence; undefined when nothing is. */
  get trouble(): string | undefined {
    switch (this.#now.stage) {
      case 'starting':
        return 'The server does not listen yet.';
      case 'draining':
        return 'The server is going down.';
      case 'listening':
        if (this.#busStatus?.() === 'disconnected') return 'NATS is not reached.';
        return this.#isFull() ? 'The server has as many connections as it may.' : undefined;
      default:
        return this.#now satisfies never;
    }
  }
}
