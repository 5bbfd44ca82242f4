// What package-lock.json says of the packages, and which of them a user of Proxim gets.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A lock file's packages: by their folder. */
export const readLock = (folder) => JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;

/** `node_modules/a/node_modules/@b/c` to `@b/c`; a workspace says its own name. */
export const nameOf = (path, entry) => entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 13);

/** Where Node would find a package from this folder on, and what stands there; undefined when it is not installed. */
const resolve = (lock, from, name) => {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const entry = lock[path];
    if (entry) return entry.link ? { path: entry.resolved, entry: lock[entry.resolved] } : { path, entry };
    if (folder === '') return undefined;
  }
};

/**
 * What is shipped: the command with all that npm installs beside it, and what is built into the two pages. Both apps'
 * `dependencies` name it; what is only needed to build stands in `devDependencies`.
 */
export const shippedPackages = (lock) => {
  const found = new Map();
  const waiting = ['apps/desktop', 'apps/mobile'].map((path) => ({ path, entry: lock[path] }));
  for (const next of waiting) {
    if (found.has(next.path)) continue;
    found.set(next.path, next.entry);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = next.entry;
    const optionalPeers = next.entry.peerDependenciesMeta ?? {};
    const peers = Object.keys(peerDependencies).filter((name) => !optionalPeers[name]?.optional);
    for (const name of [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers]) {
      const there = resolve(lock, next.path, name);
      if (there) waiting.push(there);
      else if (!(name in optionalDependencies)) throw new Error(`package-lock.json: ${next.path} lacks ${name}.`);
    }
  }
  return [...found].map(([path, entry]) => ({ path, entry, name: nameOf(path, entry) }));
};

/** Licences under which a shipped package may stand: they let everybody use, change and pass on what is built with them. */
const allowedLicences = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  // Given up to the public.
  'Unlicense',
  // Its own files stay under it, and nothing else has to.
  'MPL-2.0',
  '(MIT OR CC0-1.0)',
]);

/** What a package means where it does not say it as SPDX does. */
const licenceSlips = {
  // libdatachannel and its bindings; the LICENSE file is that of the Mozilla Public License 2.0.
  'node-datachannel': { says: 'MPL 2.0', is: 'MPL-2.0' },
  '@node-datachannel/*': { says: 'MPL 2.0', is: 'MPL-2.0' },
  // Says nothing in its package.json; its LICENSE file is that of MIT.
  x11: { says: undefined, is: 'MIT' },
};

/** The SPDX expression of a package's licence; undefined when it is none of those that are allowed. */
export const licenceOf = ({ name, entry }) => {
  const slip = licenceSlips[name] ?? licenceSlips[name.replace(/\/.*/, '/*')];
  const licence = slip && slip.says === entry.license ? slip.is : entry.license;
  return allowedLicences.has(licence) ? licence : undefined;
};
