import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Imports go one way: protocol ← signaling, peer ← apps; control ← apps. */
const forbid = (...groups) => ({
  'no-restricted-imports': ['error', { patterns: groups.map((group) => ({ group: [group] })) }],
});

const pure = {
  'no-restricted-globals': ['error', 'Date', 'performance', 'setTimeout', 'setInterval', 'crypto', 'process', 'fetch'],
  'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Randomness is passed in.' }],
};

const noSleep = {
  'no-restricted-syntax': [
    'error',
    {
      selector: "CallExpression[callee.name='setTimeout']",
      message: 'A test waits for what it needs, never for a while: await the event, or move the clock.',
    },
    {
      selector: "CallExpression[callee.property.name='waitForTimeout']",
      message: 'A test waits for what it needs, never for a while.',
    },
    {
      selector:
        'CallExpression[callee.property.name=/^(skip|only|todo|fails|skipIf|runIf)$/][callee.object.name=/^(it|test|describe)$/]',
      message: 'Every test runs.',
    },
    {
      selector: "CallExpression[callee.object.name='vi'][callee.property.name='mock']",
      message: 'Pass the real part, or one that is made for the test, in.',
    },
    { selector: "Property[key.name='retry'] > Literal[value>0]", message: 'A flaky test is a broken test.' },
  ],
};

export default defineConfig(
  globalIgnores(['**/dist/**', '**/dist-types/**', '**/generated/**', '**/output/**', '**/node_modules/**']),
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts', 'apps/*/vite.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/dot-notation': 'off',
      // `satisfies never` in a default branch is how a switch is shown to be exhaustive.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  { files: ['packages/protocol/src/**', 'packages/control/src/**'], rules: { ...pure } },
  { files: ['packages/protocol/src/**'], rules: forbid('@proxim/*', 'node:*') },
  { files: ['packages/control/src/**'], rules: forbid('@proxim/*', 'node:*') },
  {
    files: ['packages/signaling/src/**'],
    rules: forbid('@proxim/peer', '@proxim/peer/*', '@proxim/control', 'proxim', '@proxim/mobile'),
  },
  {
    files: ['packages/signaling/src/**'],
    ignores: ['packages/signaling/src/websocket.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: ['ws'], patterns: [{ group: ['@proxim/peer', '@proxim/control', 'proxim', '@proxim/mobile'] }] },
      ],
    },
  },
  {
    files: ['packages/peer/src/**'],
    rules: forbid('@proxim/signaling', '@proxim/control', 'proxim', '@proxim/mobile'),
  },
  {
    files: ['packages/peer/src/common/**'],
    rules: { ...forbid('node:*', 'ws', 'node-datachannel', '@proxim/signaling', '@proxim/control'), ...pure },
  },
  {
    files: ['**/test/**', '**/*.test.ts', 'e2e/**', 'conformance/**', 'examples/**', 'bench/**', 'fuzz/**'],
    rules: {
      ...noSleep,
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
