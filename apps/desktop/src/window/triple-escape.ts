/** How many presses end the sessions, and within how many milliseconds from the first to the last. */
const escapePresses = 3;
export const escapeWindowMs = 1500;

/** The presses that still count, in milliseconds of one clock, oldest first. */
export type EscapePresses = readonly number[];

export interface EscapeResult {
  readonly presses: EscapePresses;
  /** Whether this press was the last that was needed; the count then starts anew. */
  readonly isComplete: boolean;
}

/** Counts one press of Escape. */
export const pressEscape = (before: EscapePresses, at: number): EscapeResult => {
  const presses = [...before.filter((press) => at - press <= escapeWindowMs), at];
  return presses.length < escapePresses ? { presses, isComplete: false } : { presses: [], isComplete: true };
};
