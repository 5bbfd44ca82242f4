// `npm run check`: what can be known without running anything: format, packages, lint, types, unused code, rules and threats
// without a test.
import { join } from 'node:path';
import { root, runNode } from './run.mjs';

const bin = (name, path) => join(root, 'node_modules', name, path);

await import('./generate-validators.mjs');
console.log('format');
runNode(bin('prettier', 'bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']);
console.log('packages');
runNode(join(root, 'scripts/check-packages.mjs'));
console.log('types');
runNode(bin('typescript', 'bin/tsc'), ['-b']);
runNode(bin('typescript', 'bin/tsc'), ['-p', 'tsconfig.tests.json']);
console.log('lint');
runNode(bin('eslint', 'bin/eslint.js'), ['.', '--max-warnings', '0']);
console.log('unused code');
runNode(bin('knip', 'bin/knip.js'), ['--no-progress']);
console.log('the state diagram');
runNode(join(root, 'scripts/generate-state-diagram.mjs'), ['--check']);
console.log('rules without a test');
runNode(join(root, 'scripts/list-untested-rules.mjs'));
console.log('threats without a test');
runNode(join(root, 'scripts/list-unproven-threats.mjs'));
