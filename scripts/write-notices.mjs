// Writes apps/desktop/dist/THIRD-PARTY.txt: the licences of what is built into the two pages and of what npm installs with
// the command, as most of them ask for.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenceOf, readLock, shippedPackages } from './lock.mjs';
import { root } from './run.mjs';

/** The text of a package's licence, where it brings one. */
const licenceText = (folder) => {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(?:\.|$)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim();
};

const notices = shippedPackages(readLock(root))
  // Ours say so themselves; the binaries for each platform are those of node-datachannel, which is here.
  .filter(({ path, entry }) => path.includes('node_modules/') && entry.optional !== true)
  .sort((left, right) => (left.name < right.name ? -1 : 1))
  .map((shipped) => {
    const { name, entry, path } = shipped;
    const text = licenceText(join(root, path)) ?? 'The package brings no text of its licence.';
    return `${name} ${entry.version}, ${licenceOf(shipped)}\n\n${text}\n`;
  });
const rule = `\n${'-'.repeat(80)}\n\n`;
writeFileSync(join(root, 'apps/desktop/dist/THIRD-PARTY.txt'), notices.join(rule));
