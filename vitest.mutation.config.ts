import { defineConfig } from 'vitest/config';

/**
 * What mutants are tried against: the tests that need no database and no child process, so that thousands of
 * mutants take minutes.
 */
export default defineConfig({
  test: {
    include: [
      'test/{internal,health,checkers,http,adapters,formats}/**/*.test.ts',
      'test/faults/postgres-welcome.test.ts',
    ],
    exclude: ['test/checkers/postgres/postgres-server.test.ts'],
  },
});
