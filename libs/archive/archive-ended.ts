import type { ArchiveDocument } from '#contracts';
import { type ArchiveOptions, archiveRun } from './archive-run.ts';
import { type EndedBeforeOptions, type EndedRun, endedBefore } from './ended-before.ts';

export interface ArchiveEndedOptions extends ArchiveOptions, EndedBeforeOptions {
  readonly log: ArchiveOptions['log'] & EndedBeforeOptions['log'];
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

type Row = ArchiveDocument['archived'][number];

/** @returns `null` when another process archived it meanwhile */
const archiveOne = async (options: ArchiveEndedOptions, { id, endedAt }: EndedRun): Promise<Row | null> => {
  if (options.dryRun) {
    const { version } = await options.log.head(id);
    return { id, ended_at: endedAt, version, file: null, bytes: null };
  }
  const archived = await archiveRun(options, id);
  return archived && { id, ended_at: endedAt, version: archived.version, file: archived.file, bytes: archived.bytes };
};

/** Archives every run that has ended and whose last event is older. One that cannot be is told, and the others go on. */
export const archiveEnded = async (options: ArchiveEndedOptions): Promise<ArchiveDocument> => {
  const { folder, dryRun = false, signal } = options;
  const document: ArchiveDocument = { dry_run: dryRun, folder, archived: [], failed: [] };
  for await (const run of endedBefore(options)) {
    if (signal?.aborted) break;
    try {
      const row = await archiveOne(options, run);
      if (row) document.archived.push(row);
    } catch (error) {
      document.failed.push({ id: run.id, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return document;
};
