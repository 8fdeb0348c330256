import { type LeaseWorktree, listWorktrees, removeWorktree } from '#workspace';
import { diskUsage } from './disk-usage.ts';
import type { Findings, LookOptions } from './parts.ts';

/**
 * Worktrees of leases that have ended: a worker removes its own, one that was killed leaves it behind. What was verified
 * is pinned in the repository; what was not is thrown away by the next lease in any case.
 */
export const endedWorktrees = async ({ studio, cacheDir, runs }: LookOptions): Promise<Findings> => {
  const removable: Findings['removable'][number][] = [];
  const kept: Findings['kept'][number][] = [];
  // Listed before the runs are read: a lease that begins after this has a worktree that is not in the list.
  for (const { orchestration, lease, directory } of await listWorktrees(cacheDir)) {
    if (runs && !runs.has(orchestration)) continue;
    const name = `${orchestration}-${lease}`;
    const needs = await studio.needs(orchestration);
    if (needs === null) {
      kept.push({
        kind: 'worktree',
        name,
        where: directory,
        why: 'its run is not one of this installation, or cannot be read',
      });
      continue;
    }
    if (mayBeInUse(lease, needs)) continue;
    removable.push({
      kind: 'worktree',
      name,
      where: directory,
      bytes: await diskUsage(directory),
      why: 'its lease has ended',
      remove: () => removeWorktree(directory),
    });
  }
  return { removable, kept };
};

/** A lease is the version of the fact that began it, so one beyond the version that was read began later. */
const mayBeInUse = (
  lease: LeaseWorktree['lease'],
  needs: { readonly leases: readonly number[]; readonly version: number },
): boolean => needs.leases.includes(lease) || lease > needs.version;
