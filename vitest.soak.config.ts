import { defineConfig } from 'vitest/config';

/** Ten minutes of probes and faults: `npm run soak`. */
export default defineConfig({
  test: {
    include: ['test/soak/ten-minutes.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
  },
});
