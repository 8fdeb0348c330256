import { setTimeout as sleep } from 'node:timers/promises';

/** Ends what hangs. It measures nothing: the same takes ten times as long on a busy machine. */
export const PATIENCE_MS = 240_000;

/** Looks again and again, more seldom the longer it takes, until the condition holds. @throws after `timeoutMs`, naming what was waited for */
export const waitUntil = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = PATIENCE_MS,
): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  for (let looks = 1; !(await condition()); looks++) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await sleep(Math.min(5 * looks, 50));
  }
};
