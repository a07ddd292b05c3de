import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{config,store,bot,api,scripts,tests}/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default'],
  },
});
