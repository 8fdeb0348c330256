import { defineConfig } from 'vitest/config';

/** `npm run test:agents`: no part of `npm test`, since it installs what others publish. */
export default defineConfig({
  test: { include: ['test/real-agents/*.test.ts'], fileParallelism: false },
});
