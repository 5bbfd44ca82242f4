import type { MotionStep } from '@proxim/control';
import { type Clock, TokenBucket } from '@proxim/protocol';

/**
 * What one phone may do, in presses: far more than fingers can, and far less than would keep a screen from doing anything
 * else.
 */
const budget = { burst: 2000, rate: 1000 };
/** UTF-16 units of text that cost as much as a press: a long paste is one too. */
const unitsPerPress = 16;
/** Notches that a motion pays for; a backend turns the wheel no further at once. */
const mostNotches = 100;

/** What a phone may still do. It is the phone's, and not a connection's: another channel brings no other budget. */
export const newInputBudget = (clock: Pick<Clock, 'now'>): ((cost: number) => boolean) => {
  const bucket = new TokenBucket(budget, clock.now());
  return (cost) => bucket.take(clock.now(), cost);
};

/** Each notch is a click to the screen. */
export const costOfMotion = ({ notchesX, notchesY }: MotionStep): number =>
  1 + Math.min(mostNotches, Math.abs(notchesX)) + Math.min(mostNotches, Math.abs(notchesY));

export const costOfText = (text: string): number => 1 + Math.floor(text.length / unitsPerPress);
