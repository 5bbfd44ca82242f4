import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An input that something failed of once, or that somebody thought of. */
export interface Seed {
  readonly target: string;
  readonly note: string;
  readonly input: unknown;
}

/** Bytes go through JSON as Node writes a Buffer. */
const revive = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('data' in value)) return value;
  return value.type === 'Buffer' && Array.isArray(value.data) ? Buffer.from(value.data as number[]) : value;
};

export const readSeeds = (folder: string): readonly (Seed & { readonly file: string })[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.seed'))
    .sort()
    .map((file) => ({ ...(JSON.parse(readFileSync(join(folder, file), 'utf8'), revive) as Seed), file }));

export const writeSeed = (folder: string, name: string, seed: Seed): string => {
  mkdirSync(folder, { recursive: true });
  const file = `${name}.seed`;
  writeFileSync(join(folder, file), `${JSON.stringify(seed, null, 1)}\n`);
  return file;
};
