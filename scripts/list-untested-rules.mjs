// Lists the rules of docs/protocol/rules.md that no test's name cites, and the citations of rules that do not exist.
// Exits with 1 when there is any that is not explained below.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Rules that no test can hold, by the place that holds them, and why there.
 * An entry goes as soon as a test cites its rule: the script says so.
 */
const heldElsewhere = {
  'packages/peer: its messages have no field for what lasts': ['MS5'],
  'package.json and the linter: which code there is at all': ['TR10', 'AU20'],
  'docs/protocol/trust.md: a statement, not a behaviour': ['AU21'],
};
const explained = new Set(Object.values(heldElsewhere).flat());

const folders = ['packages', 'apps', 'conformance', 'e2e', 'examples', 'bench'];
const skipped = new Set(['node_modules', 'dist', 'dist-types', 'generated', 'output']);

const filesUnder = (folder) => {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (skipped.has(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
};

/** Tests, the conformance suite's parts, and transcripts, whose first line is the name of a test. */
const holdsTestNames = (path) =>
  /\.test\.tsx?$/.test(path) ||
  /conformance\/src\/suite\/[^/]+\.ts$/.test(path) ||
  /test\/transcripts\/[^/]+\.txt$/.test(path);

const rules = [
  ...readFileSync(join(root, 'docs/protocol/rules.md'), 'utf8').matchAll(/^- \*\*\[([A-Z]{2}\d+)\]\*\* (.+)$/gm),
];
const known = new Map(rules.map(([, id, text]) => [id, text]));
const cited = new Map();
for (const path of folders.flatMap((folder) => filesUnder(join(root, folder))).filter(holdsTestNames)) {
  const text = readFileSync(path, 'utf8');
  for (const [, id] of text.matchAll(/\[([A-Z]{2}\d+)\]/g)) cited.set(id, path);
}

const problems = [
  ...rules
    .filter(([, id], index) => rules.findIndex(([, other]) => other === id) < index)
    .map(([, id]) => `${id} stands twice in rules.md`),
  ...[...known]
    .filter(([id]) => !cited.has(id) && !explained.has(id))
    .map(([id, text]) => `${id} has no test: ${text}`),
  ...[...cited]
    .filter(([id]) => !known.has(id))
    .map(([id, path]) => `${id} is no rule, but is cited in ${path.slice(root.length + 1)}`),
  ...[...explained].filter((id) => !known.has(id)).map((id) => `${id} is no rule, but is explained in this script`),
];
const superfluous = [...explained].filter((id) => cited.has(id));

for (const [where, ids] of Object.entries(heldElsewhere)) {
  const open = ids.filter((id) => !cited.has(id));
  if (open.length > 0) console.log(`held by ${where}: ${open.join(' ')}`);
}
for (const problem of problems) console.error(problem);
for (const id of superfluous) console.warn(`${id} is cited by a test now: it needs no explanation any more`);
console.log(
  `${known.size} rules, ${[...known.keys()].filter((id) => cited.has(id)).length} cited by tests, ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
