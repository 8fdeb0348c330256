import { describe } from 'vitest';
import type { Detected } from '#sandbox';

/** Rules of a sandbox, where there is one; elsewhere they are skipped and say why. */
export const describeSandboxed = (found: Detected, name: string, rules: () => void): void => {
  const why = found.kind === 'none' ? ` (skipped, no sandbox here: ${found.reason})` : '';
  describe.skipIf(found.kind === 'none')(`${name}${why}`, rules);
};
