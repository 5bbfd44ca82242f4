// `npm run check`: what can be known without running anything: format, packages, lint, types, unused code, rules and threats
// without a test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root, runNode } from './run.mjs';

const bin = (name, path) => join(root, 'node_modules', name, path);

await import('./generate-validators.mjs');
// It takes as long as all the rest together, so the two share the processors.
console.log('lint, and meanwhile');
const eslint = [bin('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0'];
const lint = spawn(process.execPath, eslint, { cwd: root, stdio: 'inherit' });
const linted = once(lint, 'exit');
process.once('exit', () => lint.kill());
console.log('format');
runNode(bin('prettier', 'bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']);
console.log('packages');
runNode(join(root, 'scripts/check-packages.mjs'));
console.log('types');
runNode(bin('typescript', 'bin/tsc'), ['-b']);
runNode(bin('typescript', 'bin/tsc'), ['-p', 'tsconfig.tests.json']);
console.log('unused code');
runNode(bin('knip', 'bin/knip.js'), ['--no-progress']);
console.log('the state diagram');
runNode(join(root, 'scripts/generate-state-diagram.mjs'), ['--check']);
console.log('rules without a test');
runNode(join(root, 'scripts/list-untested-rules.mjs'));
console.log('threats without a test');
runNode(join(root, 'scripts/list-unproven-threats.mjs'));
const [status] = await linted;
if (status !== 0) process.exit(1);
