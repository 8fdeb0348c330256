import type { Workspace } from '#workspace';
import type { Build } from './build.ts';
import { checkContext } from './check-context.ts';

/** What checks on the base need to run, and to be remembered by. */
export const onBase = (build: Build, { treeHash, folder }: Workspace) => ({
  ...checkContext(build, build.equipment.gateTimeoutMs),
  treeHash,
  folder,
  cacheDir: build.equipment.cacheDir,
  now: Date.now,
});
