import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Those have configurations of their own.
    exclude: [...configDefaults.exclude, 'test/long/**', 'test/soak/**'],
    globalSetup: ['test/helpers/global-setup.ts'],
    // Patience for a busy machine: what should take a second may take much longer, what hangs takes for ever.
    hookTimeout: 60_000,
    testTimeout: 60_000,
    coverage: {
      include: ['src/**/*.ts'],
      // What runs only in child processes and in the listening thread, whose suites use the built package: coverage of this
      // process cannot see it.
      exclude: [
        'src/cli/{allswell,probe,probe-error}.ts',
        'src/thread/{worker,worker-source,listening-thread,listen-in-thread,main-answers,stack-watch,refusals,outline,heartbeat}.ts',
      ],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
