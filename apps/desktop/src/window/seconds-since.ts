import { useEffect, useState } from 'preact/hooks';

/** Whole seconds from `at` to `now`, both in milliseconds of one clock; never below zero. */
export const secondsSince = (at: number, now: number): number => Math.max(0, Math.floor((now - at) / 1000));

/**
 * The whole seconds since a moment, rendered anew when they change and at no other time.
 *
 * @param at in milliseconds of the clock that `now` reads; null when it is not known, and the result is null too
 */
export const useSecondsSince = (at: number | null, now: () => number): number | null => {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (at === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      // To the moment when the number changes, and a little further: a timer may fire a millisecond early.
      const rest = 1000 - (Math.max(0, now() - at) % 1000);
      timer = setTimeout(() => {
        setTick((tick) => tick + 1);
        wait();
      }, rest + 2);
    };
    wait();
    return () => {
      clearTimeout(timer);
    };
  }, [at, now]);
  return at === null ? null : secondsSince(at, now());
};
