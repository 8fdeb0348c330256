import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OrchestrationId } from '#contracts';
import { diskUsage } from './disk-usage.ts';
import type { Findings, PruneOptions } from './parts.ts';

/** A run names its task after itself; every other name is that of a person. */
const runOf = (task: string): string | null => {
  const id = OrchestrationId.safeParse(task.replace(/^task_/, 'orch_'));
  return task.startsWith('task_') && id.success ? id.data : null;
};

/** Plans of runs whose work is decided about, or that are archived: the log has each of them. */
export const spentPlans = async ({ studio, studioDir, before }: PruneOptions): Promise<Findings> => {
  const removable: Findings['removable'][number][] = [];
  const place = join(studioDir, 'tasks');
  for (const task of await readdir(place).catch(() => [])) {
    const run = runOf(task);
    const where = join(place, task);
    const stats = run === null ? null : await stat(where).catch(() => null);
    if (run === null || stats === null || stats.mtimeMs >= before.getTime()) continue;
    const needs = await studio.needs(run);
    if (needs === null || (needs.landed === null && !needs.archived)) continue;
    removable.push({
      kind: 'plan',
      name: run,
      where,
      bytes: await diskUsage(where),
      why: needs.landed ? `its work was ${needs.landed}` : 'its run is archived',
      remove: () => rm(where, { recursive: true, force: true }),
    });
  }
  return { removable, kept: [] };
};
