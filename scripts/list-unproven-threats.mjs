// Looks up every test that the tables of docs/threat-model.md name: a row without one, or a name that no test of its file
// has, is a promise that nothing shows. Exits with 1 when there is any.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The names of a file's tests and of their groups: the texts that stand before a function, or behind `it(`. */
const namesIn = (file) => {
  const source = readFileSync(join(root, file), 'utf8');
  const texts = source.matchAll(/(?:\b(?:it|describe)|\))\(\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`]+)`),/g);
  return [...texts].map(([, single, double, template]) => single ?? double ?? template);
};

/** Whether the parts of a name that are given stand in the whole one, in their order. */
const matches = (name, parts) => {
  let from = 0;
  return parts.every((part) => {
    const at = name.indexOf(part, from);
    from = at + part.length;
    return at >= 0;
  });
};

const problems = [];
let tests = 0;
const text = readFileSync(join(root, 'docs/threat-model.md'), 'utf8');
for (const table of text.split(/\n\n+/).filter((part) => /^\| attack +\| what happens +\| test +\|\n/.test(part))) {
  for (const row of table.trimEnd().split('\n').slice(2)) {
    const [attack = '', , cell = ''] = row
      .split('|')
      .slice(1, -1)
      .map((part) => part.trim());
    let file;
    let named = 0;
    for (const [, path, name] of cell.matchAll(/`([^`]+)`|_([^_]+)_/g)) {
      if (path !== undefined) {
        file = existsSync(join(root, path)) ? path : undefined;
        if (!file) problems.push(`${attack}: there is no file ${path}`);
      } else if (file) {
        named += 1;
        const parts = name.split('…').map((part) => part.trim());
        if (!namesIn(file).some((other) => matches(other, parts))) {
          problems.push(`${attack}: no test of ${file} is named “${name}”`);
        }
      }
    }
    tests += named;
    if (named === 0) problems.push(`${attack}: no test is named`);
  }
}
if (tests === 0) problems.push('docs/threat-model.md names no test at all');
for (const problem of problems) console.error(problem);
console.log(`${tests} tests named by the threat model, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
