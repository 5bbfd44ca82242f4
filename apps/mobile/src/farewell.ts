import { signal } from '@preact/signals';

import type { Going } from './control/system-requests.js';

/** A computer that said it goes is gone because of that, if it is gone within so long. */
const goneWithinMs = 120_000;

/** What the computer said before it went. */
export class Farewell {
  readonly #said = signal<(Going & { readonly at: number }) | null>(null);
  readonly #now: () => number;

  /** @param now the page's clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Why the computer is gone, when it has said so. */
  get going(): Going | null {
    const { value } = this.#said;
    return value && this.#now() - value.at < goneWithinMs ? value : null;
  }

  say(going: Going): void {
    this.#said.value = { ...going, at: this.#now() };
  }

  /** It is there again, or another one is. */
  forget(): void {
    this.#said.value = null;
  }
}
