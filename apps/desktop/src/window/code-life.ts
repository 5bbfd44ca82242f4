import { formatClock } from '@proxim/ui';

/** For how long a code can still be used. */
export type CodeLife =
  { readonly kind: 'running'; readonly clock: string } | { readonly kind: 'endless' } | { readonly kind: 'over' };

/** @param seconds that are left; null when nothing ends it but the user */
export const codeLife = (seconds: number | null): CodeLife => {
  if (seconds === null) return { kind: 'endless' };
  return seconds > 0 ? { kind: 'running', clock: formatClock(seconds) } : { kind: 'over' };
};
