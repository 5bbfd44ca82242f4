import type { Random } from './random.js';

/** What reads strangers' bytes, ready to be fed. */
export interface Stage<Input> {
  /** Makes an input: the same for the same numbers. What it makes survives JSON (bytes as Buffers). */
  generate(random: Random): Input;
  /**
   * Feeds it, and says how many frames it was.
   *
   * @throws whatever the reader throws, or `Broken` when its result is none
   */
  feed(input: Input): number | Promise<number>;
  /** Checks what must hold at the end, and lets go of everything. */
  close?(): Promise<void>;
}

export interface Target<Input = unknown> {
  readonly name: string;
  /** Its part of the frames, or of the time. */
  readonly weight: number;
  /** So many inputs are fed at a time; one where nothing has to be waited for. */
  readonly lanes?: number;
  /** How long one input may take, in milliseconds: 1000 unless given. */
  readonly budgetMs?: number;
  open(): Stage<Input> | Promise<Stage<Input>>;
}

/** Something that must hold does not. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

export const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Broken(what);
};
