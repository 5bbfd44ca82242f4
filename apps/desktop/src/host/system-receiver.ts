import type { DesktopMessage, PhoneMessage, SystemAction, SystemGoing } from '@proxim/control';

import type { SystemAnswer } from './system-commands.js';

/** The system's commands, for one phone. */
export interface PhoneSystem {
  /** Does it, asks about it, or refuses. */
  request(action: SystemAction, answer: (answer: SystemAnswer) => void): void;
  /** Withdraws what this phone has asked for and is not answered yet. */
  withdraw(): void;
  /** Says when the computer goes, whichever phone asked for it; the result ends that. */
  onGoing(listener: (action: SystemGoing) => void): () => void;
}

/** What a phone says of them. */
export type SystemMessage = Extract<PhoneMessage, { type: 'system' | 'system_cancel' }>;

export const isSystemMessage = (message: PhoneMessage): message is SystemMessage =>
  message.type === 'system' || message.type === 'system_cancel';

/** What one direct connection carries of the system's commands. */
export class SystemReceiver {
  readonly #system: PhoneSystem;
  readonly #send: (message: DesktopMessage) => void;
  readonly #forgetGoing: () => void;
  /** Each id is used once on a channel, and is higher than those before. */
  #lastID = -1;
  /** The request that waits for its result. */
  #openID: number | undefined;

  constructor(system: PhoneSystem, send: (message: DesktopMessage) => void) {
    this.#system = system;
    this.#send = send;
    this.#forgetGoing = system.onGoing((action) => {
      send({ type: 'system_going', action });
    });
  }

  receive(message: SystemMessage): void {
    switch (message.type) {
      case 'system':
        this.#request(message.id, message.action);
        break;
      case 'system_cancel':
        if (message.id === this.#openID) this.withdraw();
        break;
      default:
        message satisfies never;
    }
  }

  /** The phone has gone, or says nothing any more: a question that it has asked is asked no longer. */
  withdraw(): void {
    if (this.#openID === undefined) return;
    this.#openID = undefined;
    this.#system.withdraw();
  }

  stop(): void {
    this.withdraw();
    this.#forgetGoing();
  }

  #request(id: number, action: SystemAction): void {
    if (id <= this.#lastID) return;
    this.#lastID = id;
    // One that waits is answered before this one is asked for: then there is none, or this one is refused as `busy`.
    const waits = this.#openID !== undefined;
    if (!waits) this.#openID = id;
    this.#system.request(action, (answer) => {
      if (answer.outcome !== 'asked' && this.#openID === id) this.#openID = undefined;
      this.#send({ type: 'system_result', id, ...answer });
    });
  }
}
