import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By itself a run without a cache begins with the largest files; those that take longest, minutes in which little is computed, would end alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => /\/test\/(docs|crash|human)\//.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Tests beside the sources need nothing; those under `test/` get a real Redis and start real processes. */
export default defineConfig({
  test: {
    pool: 'forks',
    // Timeouts end what hangs, and nothing else: a busy machine is no failure. `npm run bench` is about speed.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Most tests wait for processes: the default, one worker less than there are cores, would leave both of two idle.
    maxWorkers: 4,
    // Files share loaded modules, which saves a third of the processor time: no module keeps state that a test depends on.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Most rules are about something else; those about the sandbox turn it on themselves.
    env: { STUDIO_SANDBOX_MODE: 'off' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{libs,services,cli,recipes,scripts}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          // They install what others publish: `npm run test:agents`.
          exclude: ['test/real-agents/**'],
          globalSetup: ['test/support/redis-setup.ts'],
        },
      },
    ],
  },
});
