// `npm run release:check`: all that has to hold before a release, and the files that go with it, in release/.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit, tellAudit } from './audit.mjs';
import { root, run, runNode } from './run.mjs';
import { writeSbom } from './sbom.mjs';

/** What is published, in the order in which the packages need each other. */
const published = ['packages/protocol', 'packages/control', 'packages/signaling', 'packages/peer', 'apps/desktop'];

const fail = (sentence) => {
  console.error(sentence);
  process.exit(1);
};
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
const manifest = (path) => JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));

const changes = git('status', '--porcelain');
if (changes !== '') fail(`The work tree is not clean:\n${changes}`);

const { version } = manifest('apps/desktop');
const other = published.find((path) => manifest(path).version !== version);
if (other) fail(`${other} has another version than ${version}.`);
const hasChapter = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`## [${version}] - `);
if (!hasChapter) fail(`CHANGELOG.md has no chapter for ${version}.`);

// First, since it is over soonest.
const outcome = audit();
if (!tellAudit(outcome, process.argv.includes('--without-audit'))) process.exit(1);

rmSync(join(root, 'release'), { recursive: true, force: true });
runNode(join(root, 'scripts/build.mjs'));
runNode(join(root, 'scripts/check.mjs'));
const { count } = writeSbom();
const folder = join(root, 'release');
for (const path of published) {
  const args = ['pack', '--silent', '--pack-destination', folder, '--workspace', path];
  run('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}
if (git('status', '--porcelain') !== '') fail('The build has changed files that are committed.');

const sums = Object.fromEntries(readdirSync(folder).map((name) => [name, sha256(join(folder, name))]));
const provenance = {
  version,
  commit: git('rev-parse', 'HEAD'),
  node: process.versions.node,
  npm: execFileSync('npm', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' }).trim(),
  audit: outcome.kind,
  lockFile: sha256(join(root, 'package-lock.json')),
  files: sums,
};
writeFileSync(join(folder, 'provenance.json'), `${JSON.stringify(provenance, null, 2)}\n`);
writeFileSync(
  join(folder, 'SHA256SUMS'),
  Object.entries(sums)
    .map(([name, sum]) => `${sum}  ${name}\n`)
    .join(''),
);
console.log(`release/ holds ${published.length} packages of ${version}, and the list of the ${count} in them.`);
