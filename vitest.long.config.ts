import { defineConfig } from 'vitest/config';

/** Suites of over a minute. They use the compiled example: `npm run test:long` builds it first. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    hookTimeout: 60_000,
    testTimeout: 600_000,
  },
});
