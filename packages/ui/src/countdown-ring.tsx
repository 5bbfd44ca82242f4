import { useEffect, useRef } from 'preact/hooks';

import { useSecondsLeft } from './seconds-left.js';

export interface CountdownRingProps {
  /** When it ends, in milliseconds of the clock that `now` reads. */
  readonly until: number;
  /** How long it lasts in all: a full ring. */
  readonly totalSeconds: number;
  /** The clock; give the same function each time. */
  readonly now: () => number;
  /** What a screen reader says, of the seconds that are left. */
  readonly label: (seconds: number) => string;
  /** Width and height in CSS pixels; 144 unless given. */
  readonly size?: number;
}

const radius = 46;
const circumference = 2 * Math.PI * radius;

/**
 * A ring that empties, around the seconds that are left. It is the only thing that moves while somebody waits; who has
 * asked for reduced motion sees the number alone.
 *
 * @example
 * const now = () => performance.now();
 * <CountdownRing until={state.until} totalSeconds={40} now={now} label={(seconds) => `${seconds} seconds left`} />
 */
export const CountdownRing = ({ until, totalSeconds, now, label, size = 144 }: CountdownRingProps) => {
  const rest = useRef<SVGCircleElement>(null);
  const seconds = useSecondsLeft(until, now) ?? 0;

  useEffect(() => {
    const circle = rest.current;
    const left = Math.max(0, until - now());
    if (!circle || matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined;
    const gone = circumference * (1 - Math.min(1, left / (totalSeconds * 1000)));
    const animation = circle.animate(
      [{ strokeDashoffset: String(gone) }, { strokeDashoffset: String(circumference) }],
      { duration: left, easing: 'linear', fill: 'forwards' },
    );
    return () => {
      animation.cancel();
    };
  }, [until, totalSeconds, now]);

  return (
    <div class="countdown" role="timer" aria-label={label(seconds)}>
      <svg class="countdown-ring" viewBox="0 0 100 100" width={size} height={size} aria-hidden="true">
        <circle class="countdown-track" cx="50" cy="50" r={radius} />
        <circle class="countdown-rest" cx="50" cy="50" r={radius} stroke-dasharray={circumference} ref={rest} />
      </svg>
      <span class="countdown-number tabular" aria-hidden="true">
        {seconds}
      </span>
    </div>
  );
};
