/** A seeded generator (xorshift128, Marsaglia 2003): millions of inputs, each made again from three numbers. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** The same parts give the same numbers. */
  constructor(seed: number, name: string, index: number) {
    let state = 0x9e3779b9;
    const mix = (value: number): number => {
      state = Math.imul(state ^ value, 0x85ebca6b);
      state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
      state ^= state >>> 16;
      return state;
    };
    mix(seed);
    for (let at = 0; at < name.length; at += 1) mix(name.charCodeAt(at));
    this.#a = mix(index);
    this.#b = mix(Math.floor(index / 0x1_0000_0000));
    this.#c = mix(1);
    // All zero is the one state that never moves.
    this.#d = mix(2) | 1;
  }

  /** 32 random bits, not negative. */
  bits(): number {
    let t = this.#d;
    t ^= t << 11;
    t ^= t >>> 8;
    this.#d = this.#c;
    this.#c = this.#b;
    this.#b = this.#a;
    t ^= this.#a ^ (this.#a >>> 19);
    this.#a = t;
    return t >>> 0;
  }

  /** 0 to `below` - 1. */
  int(below: number): number {
    return this.bits() % below;
  }

  /** True once in `of` times. */
  once(of: number): boolean {
    return this.int(of) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.int(items.length)]!;
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at += 1) bytes[at] = this.bits();
    return bytes;
  }
}
