import type { Studio } from '#client';
import type { PruneDocument } from '#contracts';
import { MalformedEvent } from '#events';
import { cacheDirOf } from '../equipment.ts';
import { oldCaches } from './caches.ts';
import { spareObjects } from './objects.ts';
import type { Findings, LookOptions, PruneOptions } from './parts.ts';
import { spentPlans } from './plans.ts';
import { spareRefs } from './refs.ts';
import { endedWorktrees } from './worktrees.ts';

export interface PruneRequest {
  readonly studio: Studio;
  readonly studioDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Caches that nobody used since go. */
  readonly before: Date;
  readonly dryRun: boolean;
}

const apply = async ({ removable, kept }: Findings, dryRun: boolean): Promise<PruneDocument> => {
  const document: PruneDocument = { dry_run: dryRun, removed: [], kept: [...kept], bytes: 0 };
  for (const { remove, ...removed } of removable) {
    const told = dryRun ? null : await remove();
    if (told === 0) continue;
    const bytes = typeof told === 'number' ? told : removed.bytes;
    document.removed.push({ ...removed, bytes });
    document.bytes += bytes;
  }
  return document;
};

/** One part after the other: what a later one finds may depend on what an earlier one has removed. */
export const applyInTurn = async (
  find: readonly (() => Promise<Findings>)[],
  dryRun: boolean,
): Promise<PruneDocument> => {
  const parts: PruneDocument[] = [];
  for (const look of find) parts.push(await apply(await look(), dryRun));
  return {
    dry_run: dryRun,
    removed: parts.flatMap(({ removed }) => removed),
    kept: parts.flatMap(({ kept }) => kept),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  };
};

/** Of a run whose log cannot be read nothing goes, as of one of another installation; it keeps nobody from the others. */
const readable = ({ needs, workspaces }: LookOptions['studio']): LookOptions['studio'] => ({
  workspaces,
  needs: (id) =>
    needs(id).catch((error: unknown) => {
      if (error instanceof MalformedEvent) return null;
      throw error;
    }),
});

/** Removes what was left behind on this machine and nobody needs; never anything that exists nowhere else. */
export const prune = async ({ env, studio, ...request }: PruneRequest): Promise<PruneDocument> => {
  const options: PruneOptions = { ...request, studio: readable(studio), cacheDir: cacheDirOf(env) };
  // Worktrees first: a branch that only an ended one had checked out is free then, and objects after refs.
  return applyInTurn(
    [
      () => endedWorktrees(options),
      () => spareRefs(options),
      () => spareObjects(options),
      () => spentPlans(options),
      () => oldCaches(options),
    ],
    options.dryRun,
  );
};
