import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { Unavailable } from '#contracts';
import { type EventLog, verifyExport } from '#events';
import { type Archived, createDropStream, createReadArchive, writeArchiveFile } from '#events/redis';
import { checkExported } from './import-stream.ts';
import { readExported } from './read-exported.ts';

export interface ArchiveOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly log: Pick<EventLog, 'readStored' | 'head' | 'blob' | 'policy'>;
  readonly folder: string;
  readonly now: () => Date;
}

/** What a run cannot be archived for; it stays in Redis as it is. */
const refuse = (stream: string, why: string) => new Unavailable(`${stream} was not archived: ${why}`, { stream });

/**
 * Moves the events of a run that has ended to a file. They are deleted only when the file was read back from the disk,
 * its hashes verified, and its end found to be the end that the log still has.
 * @returns where they are, or `null` when another process archived it meanwhile
 * @throws {Unavailable} it was not archived, with the reason
 */
export const archiveRun = async (options: ArchiveOptions, stream: string): Promise<Archived | null> => {
  const { redis, tag, log, folder, now } = options;
  const exported = await readExported({ log, stream, space: 'runs', claims: new Map() });
  const checked = checkExported(exported);
  if (!('exported' in checked)) throw refuse(stream, checked.join('; '));
  if (checked.index.live) throw refuse(stream, 'it has not ended');
  const { version, hash } = exported.head;
  const written = await writeArchiveFile(folder, exported);
  const archived = { stream, ...written, version, hash, host: hostname(), time: now().toISOString() };
  // A reader of its own: what is believed comes from the disk.
  const found = await createReadArchive(async () => folder)(archived);
  const verdict = verifyExport(found);
  if (!verdict.ok || verdict.hash !== hash || found.stream !== stream)
    throw refuse(stream, `${written.file} is not what was written: check the disk`);
  switch (await createDropStream({ redis, tag })(found, archived)) {
    case 'dropped':
      return archived;
    case 'already':
      return null;
    case 'live':
    case 'changed':
      throw refuse(stream, 'it changed meanwhile, and is archived later');
  }
};
