// `npm test`: installs what is missing, builds, checks, and runs every test, the fast ones first.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { installPackages } from './install.mjs';
import { root, runNode } from './run.mjs';
import { installSystemTools } from './system-tools.mjs';

installPackages();
installSystemTools();
runNode(join(root, 'scripts/build.mjs'));
runNode(join(root, 'scripts/check.mjs'));

const reports = join(root, 'node_modules/.cache/proxim-tests');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
let passed = 0;
let failed = 0;
for (const project of ['unit', 'system', 'e2e', 'alone']) {
  const report = join(reports, `${project}.json`);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, [vitest, ...args], { cwd: root, stdio: 'inherit' });
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  // What was skipped, or never ran since its file or its hook failed, has not passed.
  const lost = result.numTotalTests - result.numPassedTests;
  failed += status === 0 ? lost : Math.max(1, lost);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
