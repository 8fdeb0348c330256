import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE_MS } from './wait-until.ts';

/**
 * Asks again while there are problems: what follows the log (branches, lists, queues) is a moment behind it, and up to
 * 20 s where a process was killed on the way. @returns the problems of the last look, when patience is at its end
 */
export const settled = async (audit: () => Promise<readonly string[]>): Promise<readonly string[]> => {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const problems = await audit();
    if (problems.length === 0 || performance.now() > deadline) return problems;
    await sleep(100);
  }
};
