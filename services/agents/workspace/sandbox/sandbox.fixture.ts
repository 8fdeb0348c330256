import { setTimeout as delay } from 'node:timers/promises';
import { describe } from 'vitest';
import type { Detected } from '#sandbox';

/** Rules of a sandbox, where there is one; elsewhere they are skipped and say why. */
export const describeSandboxed = (found: Detected, name: string, rules: () => void): void => {
  const why = found.kind === 'none' ? ` (skipped, no sandbox here: ${found.reason})` : '';
  describe.skipIf(found.kind === 'none')(`${name}${why}`, rules);
};

/** Polls instead of sleeping: on a busy machine nothing happens on time. */
export const eventually = async (condition: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not so after ${timeoutMs} ms`);
    await delay(20);
  }
};
