import { configDefaults, defineConfig } from 'vitest/config';

/**
 * The suites that need no database, no child process and no build: `npm run test:fast` while one works, `.ci/run` on
 * each version of Node that we support, and, through `vitest.mutation.config.ts`, Stryker with its thousands of mutants.
 */
export default defineConfig({
  test: {
    // Patience for a busy machine, as in vitest.config.ts.
    hookTimeout: 60_000,
    testTimeout: 60_000,
    include: [
      'test/{internal,health,checkers,formats,http,adapters,server,shutdown,metrics,thread}/**/*.test.ts',
      'test/faults/postgres-welcome.test.ts',
      'test/testing/fake-checker.test.ts',
    ],
    exclude: [
      ...configDefaults.exclude,
      // They start child processes.
      'test/**/*-process.test.ts',
      'test/checkers/**/*-server.test.ts',
      'test/shutdown/signals.test.ts',
    ],
  },
});
