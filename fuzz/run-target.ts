import { Random } from './random.js';
import { shrink } from './shrink.js';
import type { Stage, Target } from './target.js';

/** An input that broke something. */
export interface Finding {
  readonly target: string;
  /** Undefined for what shows at the end alone, or outside of every input. */
  readonly index: number | undefined;
  readonly fault: string;
  readonly input: unknown;
}

export interface Slice {
  readonly seed: number;
  readonly from: number;
  /** Asked before each input. */
  readonly goesOn: (frames: number) => boolean;
  readonly beat: (index: number) => void;
}

export interface Outcome {
  readonly frames: number;
  /** The number of the input that would be next. */
  readonly next: number;
  readonly slowestMs: number;
  readonly findings: readonly Finding[];
}

/** A target that goes on failing has said enough. */
const enough = 10;

const textOf = (fault: unknown): string => (fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault));

const feed = async (stage: Stage<unknown>, input: unknown): Promise<string | undefined> => {
  try {
    await stage.feed(input);
    return undefined;
  } catch (fault) {
    return textOf(fault);
  }
};

/** Feeds one input again. */
export const replay = async (target: Target, input: unknown): Promise<string | undefined> => {
  const stage = await target.open();
  const fault = await feed(stage, input);
  const atEnd = await closed(stage);
  return fault ?? atEnd;
};

const closed = async (stage: Stage<unknown>): Promise<string | undefined> => {
  try {
    await stage.close?.();
    return undefined;
  } catch (fault) {
    return textOf(fault);
  }
};

/** Feeds one input after the other to a target, for as long as it may. */
export const runTarget = async (target: Target, { seed, from, goesOn, beat }: Slice): Promise<Outcome> => {
  const { name, lanes = 1, budgetMs = 1000 } = target;
  const stage = await target.open();
  const findings: Finding[] = [];
  let next = from;
  let frames = 0;
  let slowestMs = 0;

  const one = (index: number): Promise<void> | undefined => {
    const input = stage.generate(new Random(seed, name, index));
    const begun = performance.now();
    const done = (count: number): void => {
      const took = performance.now() - begun;
      frames += count;
      slowestMs = Math.max(slowestMs, took);
      if (took > budgetMs) findings.push({ target: name, index, input, fault: `takes ${took.toFixed(0)} ms` });
    };
    const failed = (fault: unknown): void => {
      frames += 1;
      findings.push({ target: name, index, input, fault: textOf(fault) });
    };
    try {
      const count = stage.feed(input);
      // Most readers answer at once: millions of promises would be what is measured.
      if (typeof count !== 'number') return count.then(done, failed);
      done(count);
    } catch (fault) {
      failed(fault);
    }
    return undefined;
  };

  const lane = async (): Promise<void> => {
    while (findings.length < enough && goesOn(frames)) {
      beat(next);
      const index = next;
      next += 1;
      const pending = one(index);
      if (pending) await pending;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const atEnd = await closed(stage);
  if (atEnd !== undefined) findings.push({ target: name, index: undefined, input: null, fault: atEnd });
  return { frames, next, slowestMs, findings };
};

/** The same failing input with less in it, where each try is quick. */
export const shrunk = async (target: Target, { input, fault }: Finding): Promise<unknown> => {
  if (target.lanes !== undefined || (target.budgetMs ?? 0) > 1000) return input;
  const kind = fault.slice(0, 20);
  return await shrink(input, async (less) => (await replay(target, less))?.startsWith(kind) ?? false);
};
