import { startCoturn } from './coturn.js';
import type { LabHost } from './lab.js';

export interface StunServer {
  /** For `--ice-server`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a STUN server of the test's own on a host of the lab. */
export const startStunServer = async (host: LabHost): Promise<StunServer> => {
  const { at, stop } = await startCoturn(host, ['stun-only']);
  return { url: `stun:${at}`, stop };
};
