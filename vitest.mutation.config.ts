import { defineConfig, mergeConfig } from 'vitest/config';
import fast from './vitest.fast.config.ts';

/**
 * What Stryker tries mutants against: the fast suites without those of the listening thread. That runs a bundle of the sources in
 * which no mutant is active, so they would cost seconds for each mutant and kill none.
 */
export default mergeConfig(
  fast,
  defineConfig({ test: { exclude: ['test/thread/{contract,listener}.test.ts'] } }),
);
