import type { KeyStroke } from '@proxim/control';

/** What tells one key from another: its place, since its name changes with Shift between press and release. */
export const placeOf = ({ code, key }: KeyStroke): string => (code === '' || code === 'Unidentified' ? key : code);
