import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Coturn, startCoturn } from './coturn.js';
import type { LabHost } from './lab.js';

export interface TurnServer {
  /** What `proxim serve` needs to know of it. */
  readonly flags: readonly string[];
  /** Its log so far. */
  said(): string;
  stop(): Promise<void>;
}

/**
 * Starts a TURN server of the test's own, which shares a secret with whoever has it.
 *
 * @param told the secret that the flags lead to
 */
export const startTurnServer = async (
  host: LabHost,
  { secret, told = secret }: { readonly secret: string; readonly told?: string },
): Promise<TurnServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'proxim-turn-'));
  const file = join(folder, 'secret');
  await writeFile(file, `${told}\n`, { mode: 0o600 });
  let coturn: Coturn;
  try {
    const settings = ['use-auth-secret', `static-auth-secret=${secret}`, 'realm=turn.example', 'fingerprint'];
    coturn = await startCoturn(host, settings);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    flags: ['--ice-server', `turn:${coturn.at}`, '--turn-secret-file', file],
    said: () => coturn.said(),
    stop: async () => {
      await coturn.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
