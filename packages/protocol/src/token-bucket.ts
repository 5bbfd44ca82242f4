/** How much may be done at once, and how fast that comes back. */
export interface BucketRules {
  readonly burst: number;
  /** Tokens a second. */
  readonly rate: number;
}

/** A token bucket. Time is told by the caller, in milliseconds. */
export class TokenBucket {
  readonly #rules: BucketRules;
  #tokens: number;
  #at: number;

  constructor(rules: BucketRules, now: number) {
    this.#rules = rules;
    this.#tokens = rules.burst;
    this.#at = now;
  }

  /** Takes tokens, one when left out, if there are as many. */
  take(now: number, tokens = 1): boolean {
    this.#refill(now);
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }

  /** Whether as many tokens are there, one when left out. */
  has(now: number, tokens = 1): boolean {
    this.#refill(now);
    return this.#tokens >= tokens;
  }

  /** Takes tokens that may not be there: the bucket stays empty for so much longer, within bounds. */
  charge(tokens: number, now: number): void {
    this.#refill(now);
    this.#tokens = Math.max(-this.#rules.burst, this.#tokens - tokens);
  }

  /** Gives back a token that was taken for something that costs nothing after all. */
  giveBack(): void {
    this.#tokens = Math.min(this.#rules.burst, this.#tokens + 1);
  }

  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#rules.burst;
  }

  #refill(now: number): void {
    const gained = ((now - this.#at) / 1000) * this.#rules.rate;
    this.#tokens = Math.min(this.#rules.burst, this.#tokens + gained);
    this.#at = now;
  }
}
