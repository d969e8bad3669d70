import { defineConfig } from 'vitest/config';

/** What mutants are tried against: the tests that take milliseconds, so that thousands of mutants take minutes. */
export default defineConfig({
  test: {
    include: ['test/{core,checkers,http,formats}/**/*.test.ts', 'test/faults/{hostile-checkers,redactor}.test.ts'],
    exclude: ['test/checkers/postgres.*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
  },
});
