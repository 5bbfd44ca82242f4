import { useEffect, useState } from 'preact/hooks';

/** Whole seconds from `now` to `until`, both in milliseconds of one clock: rounded up, never below zero. */
export const secondsLeft = (until: number, now: number): number => Math.max(0, Math.ceil((until - now) / 1000));

/**
 * The whole seconds that are left, rendered anew when they change and at no other time.
 *
 * @param until in milliseconds of the clock that `now` reads; null when nothing ends, and the result is null too
 * @param now the clock: `performance.now` or `Date.now`, called as a function of its own; give the same one each time
 */
export const useSecondsLeft = (until: number | null, now: () => number): number | null => {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (until === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      const left = until - now();
      if (left <= 0) return;
      // To the moment when the number changes, and a little further: a timer may fire a millisecond early.
      timer = setTimeout(
        () => {
          setTick((tick) => tick + 1);
          wait();
        },
        (left % 1000 || 1000) + 2,
      );
    };
    wait();
    return () => {
      clearTimeout(timer);
    };
  }, [until, now]);
  return until === null ? null : secondsLeft(until, now());
};
