// `npm run sbom`: writes release/sbom.cdx.json, the list of all that is shipped (CycloneDX).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licenceOf, readLock, shippedPackages } from './lock.mjs';
import { root } from './run.mjs';

/** npm's own list of everything, by the lock file alone: what is installed here is for this platform. */
const listAll = () => {
  const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'];
  const { status, stdout, error } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) throw new Error('npm sbom could not list the packages.');
  return JSON.parse(stdout);
};

/** `@preact/signals` as CycloneDX has it: a group and a name. npm calls workspaces by their folder. */
const named = (name) => {
  const [group, rest] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return group === undefined ? { name: rest } : { group, name: rest };
};

/**
 * The list of what is shipped. `npm sbom --omit dev` would leave out what is needed to build as well, such as Preact: it
 * stands in both.
 */
export const writeSbom = () => {
  const all = listAll();
  const shipped = new Map(
    shippedPackages(readLock(root)).map((known) => [`${known.name}@${known.entry.version}`, known]),
  );
  const components = all.components
    .filter((component) => shipped.has(component['bom-ref']))
    .map((component) => {
      const known = shipped.get(component['bom-ref']);
      const licence = licenceOf(known);
      const licences = licence?.startsWith('(') ? [{ expression: licence }] : [{ license: { id: licence } }];
      return { ...component, ...named(known.name), licenses: licences };
    });
  const lost = [...shipped.keys()].filter((ref) => !components.some((component) => component['bom-ref'] === ref));
  if (lost.length > 0) throw new Error(`npm sbom does not list ${lost.join(', ')}.`);

  const { version } = JSON.parse(readFileSync(join(root, 'apps/desktop/package.json'), 'utf8'));
  const own = components.find((component) => component['bom-ref'] === `proxim@${version}`);
  const list = {
    ...all,
    metadata: { ...all.metadata, component: { ...own, type: 'application' } },
    components: components.filter((component) => component !== own),
    dependencies: all.dependencies
      .filter(({ ref }) => shipped.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => shipped.has(other)) })),
  };
  const folder = join(root, 'release');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'sbom.cdx.json');
  writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
  return { file, count: list.components.length };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { count } = writeSbom();
  console.log(`release/sbom.cdx.json lists ${count} packages.`);
}
