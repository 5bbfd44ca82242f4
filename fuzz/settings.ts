import { parseArgs } from 'node:util';

/** How long one run goes on. */
export type Budget =
  { readonly kind: 'frames'; readonly frames: number } | { readonly kind: 'time'; readonly ms: number };

export interface Settings {
  readonly seed: number;
  readonly budget: Budget;
  /** Only this target. */
  readonly target: string | undefined;
  /** The number of the first input. */
  readonly from: number;
}

const number = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} takes a number, and not ${text}.`);
  return value;
};

/** @throws Error for flags that are none */
export const readSettings = (args: readonly string[], anySeed: () => number): Settings => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      target: { type: 'string' },
      from: { type: 'string', default: '0' },
      frames: { type: 'string', default: '5000000' },
      minutes: { type: 'string' },
    },
  });
  const budget: Budget =
    values.minutes === undefined
      ? { kind: 'frames', frames: number('frames', values.frames) }
      : { kind: 'time', ms: number('minutes', values.minutes) * 60_000 };
  return {
    seed: values.seed === undefined ? anySeed() : number('seed', values.seed),
    budget,
    target: values.target,
    from: number('from', values.from),
  };
};
