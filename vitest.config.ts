import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    hookTimeout: 60_000,
    coverage: {
      include: ['src/**/*.ts'],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
