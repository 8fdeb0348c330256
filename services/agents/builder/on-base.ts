import type { Workspace } from '#workspace';
import type { Build } from './build.ts';

/** What checks on the base need to run, and to be remembered by. */
export const onBase = ({ desk: { context }, equipment }: Build, { treeHash, folder }: Workspace) => ({
  directory: context.directory,
  signal: context.signal,
  run: context.run,
  timeoutMs: equipment.gateTimeoutMs,
  treeHash,
  folder,
  cacheDir: equipment.cacheDir,
  now: Date.now,
});
