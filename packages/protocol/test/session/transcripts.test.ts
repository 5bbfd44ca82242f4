import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { play } from './stage.js';

const folder = join(import.meta.dirname, '..', 'transcripts');

/** The rules that a transcript shows stand in its first line: `# [PA1] [PA5] A phone asks …`. */
describe('transcript', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

  it('there are some', () => {
    expect(files.length).toBeGreaterThanOrEqual(8);
  });

  for (const name of files) {
    const text = readFileSync(join(folder, name), 'utf8');
    const [title = name] = text.split('\n');
    it(title.replace(/^# /, ''), async () => {
      // `vitest -u` writes what has changed, for a reviewer to read as a diff.
      await expect(play(text)).toMatchFileSnapshot(join(folder, name));
    });
  }
});
