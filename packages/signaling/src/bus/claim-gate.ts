/**
 * What is delivered to a session while its name is claimed here. If the name turns out to be another node's, that one
 * answers, and nothing may be said here: of two answers the asker would believe the first.
 */
export class ClaimGate {
  #standing: 'claiming' | 'won' | 'lost' = 'claiming';
  #held: (() => void)[] = [];

  /** Does it now, or when the name is this node's, or never. */
  pass(delivery: () => void): void {
    if (this.#standing === 'won') delivery();
    else if (this.#standing === 'claiming') this.#held.push(delivery);
  }

  /** The name is this node's; whoever claimed it learns that first, and makes its session. */
  win(): void {
    setImmediate(() => {
      this.#standing = 'won';
      const held = this.#held;
      this.#held = [];
      for (const delivery of held) delivery();
    });
  }

  lose(): void {
    this.#standing = 'lost';
    this.#held = [];
  }
}
