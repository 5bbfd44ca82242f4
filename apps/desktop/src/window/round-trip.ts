/** How a round trip feels at the pointer: below 60 ms as one's own hand, from 150 ms on it lags. */
export type Speed = 'quick' | 'fair' | 'slow';

export const speedOf = (roundTripMs: number): Speed => {
  if (roundTripMs < 60) return 'quick';
  return roundTripMs < 150 ? 'fair' : 'slow';
};
