import * as z from 'zod';

/** What became of one stream of a file that was imported. */
export const ImportAnswer = z.strictObject({
  id: z.string(),
  space: z.enum(['runs', 'backlog']),
  outcome: z
    .enum(['imported', 'already_there', 'refused'])
    .describe('refused: another stream has this id, or this Studio cannot read it'),
  version: z.int().describe('of the last event in the file'),
  live: z.boolean().describe('true: it has not ended and goes on'),
  problems: z.array(z.string()),
});
export type ImportAnswer = z.infer<typeof ImportAnswer>;

export const ImportDocument = z.strictObject({ streams: z.array(ImportAnswer) });
export type ImportDocument = z.infer<typeof ImportDocument>;

/** What `studio archive` moved to files, or would move. */
export const ArchiveDocument = z.strictObject({
  dry_run: z.boolean(),
  folder: z.string(),
  archived: z.array(
    z.strictObject({
      id: z.string(),
      ended_at: z.string().describe('time of its last event'),
      version: z.int(),
      file: z.string().nullable().describe('in the folder; null: a dry run'),
      bytes: z.int().nullable().describe('of the file'),
    }),
  ),
  failed: z.array(z.strictObject({ id: z.string(), problem: z.string() })).describe('these stay in Redis as they are'),
});
export type ArchiveDocument = z.infer<typeof ArchiveDocument>;

/** What `studio prune`, or `studio cleanup`, removed on this machine, or would remove. */
export const PruneDocument = z.strictObject({
  dry_run: z.boolean(),
  removed: z.array(
    z.strictObject({
      kind: z.enum(['worktree', 'ref', 'objects', 'plan', 'files', 'dependencies', 'packages', 'verdicts']),
      name: z.string(),
      where: z.string(),
      bytes: z
        .int()
        .describe(
          'on disk; 0 for refs, whose objects git collects later, and for objects in a dry run: it is known when they are gone',
        ),
      why: z.string(),
    }),
  ),
  kept: z.array(
    z.strictObject({ kind: z.enum(['worktree', 'ref']), name: z.string(), where: z.string(), why: z.string() }),
  ),
  bytes: z.int(),
});
export type PruneDocument = z.infer<typeof PruneDocument>;
