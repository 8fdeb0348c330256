import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Studio } from '#client';
import type { PruneDocument, StateDocument } from '#contracts';
import { cacheDirOf } from '../equipment.ts';
import { diskUsage } from './disk-usage.ts';
import type { Findings } from './parts.ts';
import { applyInTurn } from './prune.ts';
import { spareRefs } from './refs.ts';
import { endedWorktrees } from './worktrees.ts';

export interface CleanUpRequest {
  readonly studio: Studio;
  readonly studioDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Full id of a run. */
  readonly id: string;
  readonly dryRun: boolean;
}

/** The run and those of its tasks. */
const runsOf = ({ id, tasks }: StateDocument): ReadonlySet<string> =>
  new Set([id, ...tasks.flatMap(({ orchestration }) => orchestration ?? [])]);

const currentIn = async (folder: string): Promise<string | null> =>
  (await readFile(join(folder, '.current'), 'utf8').catch(() => null))?.trim() ?? null;

/** Sessions as files, for people and tools: all of it is in the log. */
const projectedFiles = async (runs: ReadonlySet<string>, studioDir: string): Promise<Findings> => {
  const folder = join(studioDir, 'orchestration');
  const removable: Findings['removable'][number][] = [];
  for (const name of runs) {
    const where = join(folder, name);
    const bytes = await diskUsage(where);
    if (bytes === 0) continue;
    const remove = async () => {
      await rm(where, { recursive: true, force: true });
      if ((await currentIn(folder)) === name) await rm(join(folder, '.current'), { force: true });
    };
    removable.push({ kind: 'files', name, where, bytes, why: 'the log has all that they say', remove });
  }
  return { removable, kept: [] };
};

/**
 * Removes what one run, and the runs of its tasks, left on this machine: worktrees of leases that have ended, refs that
 * nobody comes back to, files that show its state. A run that somebody else drives ends with it, like a session that its
 * script cleans up; any other goes on, and what a worker holds stays.
 */
export const cleanUp = async ({ studio, studioDir, env, id, dryRun }: CleanUpRequest): Promise<PruneDocument> => {
  const state = await studio.state(id);
  if (state.outside && !state.outcome && !dryRun) await studio.control(id, { command: 'outside_end' });
  const runs = runsOf(state);
  const workspaces = async () => (state.workspace === null ? [] : [state.workspace]);
  const options = { studio: { needs: studio.needs, workspaces }, studioDir, cacheDir: cacheDirOf(env), runs };
  return applyInTurn(
    [() => endedWorktrees(options), () => spareRefs(options), () => projectedFiles(runs, studioDir)],
    dryRun,
  );
};
