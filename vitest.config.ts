import { defineConfig } from 'vitest/config';

/** Tests beside the sources need nothing; those under `test/` get a real Redis and start real processes. */
export default defineConfig({
  test: {
    pool: 'forks',
    // Most tests wait for processes: one worker a core, as is the default less one, would leave two cores idle.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{libs,services,cli,recipes,scripts}/**/*.test.ts'],
          testTimeout: 10_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/support/redis-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
