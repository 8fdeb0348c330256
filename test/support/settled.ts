import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again while there are problems, up to the deadline: what follows the log (branches, lists, queues) is a moment
 * behind it, and up to 20 s where a process was killed on the way. @returns the problems of the last look
 */
export const settled = async (
  audit: () => Promise<readonly string[]>,
  withinMs = 25_000,
): Promise<readonly string[]> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const problems = await audit();
    if (problems.length === 0 || performance.now() > deadline) return problems;
    await sleep(100);
  }
};
