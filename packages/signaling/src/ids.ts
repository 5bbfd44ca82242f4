import { randomBytes } from 'node:crypto';

/** Where the server's ids come from: real in entry points, counted in tests. */
export interface Ids {
  /** 128 random bits, base64url. */
  random(): string;
}

export const randomIds: Ids = { random: () => randomBytes(16).toString('base64url') };
