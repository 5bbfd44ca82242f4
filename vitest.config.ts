import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['@proxim/source', 'node', 'import', 'module', 'default'] };
const ssr = { resolve: { conditions: ['@proxim/source', 'node', 'import', 'module', 'default'] } };

/** They take all that the machine has, or have to end within a time that the program promises. */
const alone = ['e2e/security/malicious-*.test.ts', 'apps/desktop/test/engine-process.test.ts'];

export default defineConfig({
  test: {
    // A failing test fails: nothing is tried twice, and a run without tests is no success.
    retry: 0,
    passWithNoTests: false,
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/unit/**/*.test.ts', 'conformance/**/*.test.ts'],
          testTimeout: 20_000,
          // One for each processor, the one that only waits for the others included.
          maxWorkers: '100%',
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'system',
          include: ['apps/desktop/test/*.test.ts', 'examples/**/*.test.ts', 'bench/**/*.test.ts', 'fuzz/**/*.test.ts'],
          exclude: alone,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: alone,
          provide: { faultLength: 'short' },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // They wait more than they work: for timeouts, for pages, for connections.
          maxWorkers: 2,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'alone',
          include: alone,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        resolve,
        ssr,
        test: {
          // The same as in `e2e`, for minutes and with hundreds of sessions: `npm run chaos`.
          name: 'chaos',
          include: ['e2e/fleet/chaos.test.ts'],
          provide: { faultLength: 'long' },
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          // The same faults as in `e2e`, for as long as they may last: `npm run faults`.
          name: 'faults',
          include: ['e2e/faults/**/*.test.ts'],
          provide: { faultLength: 'long' },
          testTimeout: 900_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
