import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/fuzz-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 90_000,
    maxWorkers: 2,
    // In CI a test that fails is tried once more and reported as flaky: real clocks, processes and sockets race there.
    retry: process.env.CI === 'true' ? 1 : 0,
    pool: 'forks',
  },
});
