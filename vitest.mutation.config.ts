import { defineConfig } from 'vitest/config';

/**
 * What mutants are tried against: the tests that need no database and no child process, so that thousands of
 * mutants take minutes.
 */
export default defineConfig({
  test: {
    include: ['test/{core,checkers,http,formats}/**/*.test.ts', 'test/faults/postgres-welcome.test.ts'],
    exclude: ['test/checkers/postgres-server.test.ts'],
  },
});
