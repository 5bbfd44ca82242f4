import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

const page = fileURLToPath(new URL('../dist/mobile/', import.meta.url));

/** What loads only when a code is scanned, to keep the screen of a plain-http page awake, or once there are tools, or a screen to be seen. */
const onDemand = /^(?:camera-view|detect|silent-video|tools-sheet|screen-parts)-/;

/** A script, and what it imports before it runs. */
const withImports = async (file: string, found = new Set<string>()): Promise<ReadonlySet<string>> => {
  if (found.has(file)) return found;
  found.add(file);
  const source = await readFile(`${page}assets/${file}`, 'utf8');
  for (const [, name] of source.matchAll(/\bfrom\s*"\.\/([^"]+\.js)"/g)) await withImports(name!, found);
  return found;
};

const gzipped = async (file: string): Promise<number> => gzipSync(await readFile(file), { level: 9 }).byteLength;

describe('the phone’s page', () => {
  it('loads at most 30 kB of JavaScript, gzipped, before the scanner is asked for', async () => {
    const html = await readFile(`${page}index.html`, 'utf8');
    const scripts = [...html.matchAll(/<script[^>]+src="[^"]*\/([^"/]+)"/g)].map(([, source]) => source!);
    expect(scripts).toHaveLength(1);
    const files = await withImports(scripts[0]!);
    const sizes = await Promise.all([...files].map((file) => gzipped(`${page}assets/${file}`)));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(30_000);
  });

  it('loads at most 50 kB in all, with what follows in the background once there is a link', async () => {
    const files = (await readdir(`${page}assets`)).filter((file) => file.endsWith('.js') && !onDemand.test(file));
    const sizes = await Promise.all(files.map((file) => gzipped(`${page}assets/${file}`)));
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(50_000);
  });
});
