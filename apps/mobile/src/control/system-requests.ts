import type { PhoneMessage, SystemAction, SystemGoing, SystemRefusal, SystemResult } from '@proxim/control';
import { signal } from '@preact/signals';

/** How it stands with what the user wants done to the computer. */
export type SystemRequest =
  | { readonly at: 'idle' }
  | { readonly at: 'sent'; readonly id: number; readonly action: SystemAction }
  /** The computer's own user is asked: `until` on the page's clock, for so many seconds in all. */
  | {
      readonly at: 'asked';
      readonly id: number;
      readonly action: SystemAction;
      readonly until: number;
      readonly seconds: number;
    }
  | { readonly at: 'done'; readonly action: SystemAction }
  /** `lost`: the connection was replaced before there was an answer. */
  | { readonly at: 'refused'; readonly action: SystemAction; readonly reason: SystemRefusal | 'lost' };

/** The computer goes: why, and whether it was this phone that asked for it. */
export interface Going {
  readonly action: SystemGoing;
  readonly isOurs: boolean;
}

/** A computer that says `asked` and not for how long. */
const defaultSeconds = 20;

/** Locks, puts to sleep, restarts and shuts down: one request at a time. */
export class SystemRequests {
  readonly request = signal<SystemRequest>({ at: 'idle' });
  /** Null unless the computer has said that it goes, on this connection. */
  readonly going = signal<Going | null>(null);
  readonly #send: (message: PhoneMessage) => void;
  readonly #now: () => number;
  #lastID = 0;

  /** @param now the page's clock */
  constructor(send: (message: PhoneMessage) => void, now: () => number) {
    this.#send = send;
    this.#now = now;
  }

  /** Ids begin anew with each connection; what was under way on the one before is not answered any more. */
  begin(): void {
    const { value } = this.request;
    this.#lastID = 0;
    this.going.value = null;
    if (value.at === 'sent' || value.at === 'asked') {
      this.request.value = { at: 'refused', action: value.action, reason: 'lost' };
    }
  }

  ask(action: SystemAction): void {
    this.#lastID += 1;
    this.request.value = { at: 'sent', id: this.#lastID, action };
    this.#send({ type: 'system', id: this.#lastID, action });
  }

  /** Withdraws what waits for an answer. */
  cancel(): void {
    const { value } = this.request;
    if (value.at === 'asked' || value.at === 'sent') this.#send({ type: 'system_cancel', id: value.id });
    this.forget();
  }

  /** The user has read what came of it. */
  forget(): void {
    this.request.value = { at: 'idle' };
  }

  onResult({ id, outcome, reason, seconds = defaultSeconds }: SystemResult): void {
    const { value } = this.request;
    // One that was withdrawn meanwhile.
    if ((value.at !== 'sent' && value.at !== 'asked') || value.id !== id) return;
    const { action } = value;
    switch (outcome) {
      case 'done':
        this.request.value = { at: 'done', action };
        break;
      case 'asked':
        this.request.value = { at: 'asked', id, action, until: this.#now() + seconds * 1000, seconds };
        break;
      case 'refused':
        this.request.value = { at: 'refused', action, reason: reason ?? 'failed' };
        break;
      default:
        outcome satisfies never;
    }
  }

  onGoing(action: SystemGoing): void {
    const { value } = this.request;
    this.going.value = { action, isOurs: value.at === 'done' && value.action === action };
  }
}
