// What other people's packages may do here, and whether the lock file pins them: part of `npm run check`. With a folder
// behind it, it looks there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenceOf, readLock, shippedPackages } from './lock.mjs';
import { root } from './run.mjs';

/**
 * Packages that may have a script which npm runs at their installation, each with the reason. None has one that we need:
 * node-datachannel comes with its binaries in packages of their own. `.npmrc` keeps npm from running any.
 */
const withInstallScript = {};

/** Versions that are pinned to the last digit, each with the reason. */
const pinned = {
  typescript: 'its minor versions find new errors, and typescript-eslint takes certain ones alone',
  'zxing-wasm': 'its .wasm file is served from here and has to fit barcode-detector',
};

const folder = process.argv[2] ?? root;
const faults = [];
const lock = readLock(folder);
const manifests = Object.keys(lock)
  .filter((path) => !path.includes('node_modules'))
  .map((path) => ({
    path: join(path, 'package.json'),
    manifest: JSON.parse(readFileSync(join(folder, path, 'package.json'), 'utf8')),
  }));
const own = new Map(manifests.map(({ manifest }) => [manifest.name, manifest.version]));

// The lock file.
for (const [path, entry] of Object.entries(lock)) {
  if (!path.includes('node_modules/') || entry.link) continue;
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? ''))
    faults.push(`${path} has no sha512 in the lock file.`);
  if (entry.resolved !== undefined) faults.push(`${path} names where it comes from: ${entry.resolved}`);
}
const scripts = Object.entries(lock).flatMap(([path, entry]) => (entry.hasInstallScript ? [path] : []));
for (const path of scripts) {
  if (!(path in withInstallScript)) faults.push(`${path} wants to run a script at its installation.`);
}
for (const path of Object.keys(withInstallScript)) {
  if (!scripts.includes(path)) faults.push(`${path} has no script any more that would have to be allowed.`);
}

// npm's settings, and our own scripts: nothing may depend on what npm does not run.
const npmrc = existsSync(join(folder, '.npmrc')) ? readFileSync(join(folder, '.npmrc'), 'utf8').split('\n') : [];
for (const line of ['ignore-scripts=true', 'omit-lockfile-registry-resolved=true']) {
  if (!npmrc.includes(line)) faults.push(`.npmrc lacks ${line}`);
}
const lifecycle = /^(?:pre|post)|^(?:install|prepare|publish|dependencies)$/;
for (const { path, manifest } of manifests) {
  for (const name of Object.keys(manifest.scripts ?? {})) {
    if (lifecycle.test(name)) faults.push(`${path}: npm would not run the script ${name}.`);
  }
}

// The ranges: within a major version, or narrower.
const withinMajor = /^[\^~]?\d+\.\d+\.\d+$/;
const exact = /^\d+\.\d+\.\d+$/;
for (const { path, manifest } of manifests) {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  for (const [name, range] of Object.entries(wanted)) {
    if (own.has(name)) {
      if (range !== own.get(name)) faults.push(`${path}: ${name} is ours, and its version is ${own.get(name)}.`);
    } else if (name in pinned ? !exact.test(range) : !withinMajor.test(range)) {
      const reason = pinned[name] ?? 'a range stays within one major version, as ^1.2.3 does';
      faults.push(`${path}: ${name} ${range}: ${reason}.`);
    }
  }
}

// Each package that is published carries our licence.
const licence = readFileSync(join(root, 'LICENSE'), 'utf8');
for (const { path, manifest } of manifests) {
  const file = join(root, path, '../LICENSE');
  if (manifest.private === true || (existsSync(file) && readFileSync(file, 'utf8') === licence)) continue;
  faults.push(`${path}: the LICENSE beside it is not the one of this repository.`);
}

// What is shipped.
for (const shipped of shippedPackages(lock)) {
  if (licenceOf(shipped) !== undefined) continue;
  faults.push(`${shipped.name} is shipped, and its licence is ${shipped.entry.license ?? 'not told'}.`);
}

for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
