import { ArchiveUnreadable } from '../errors.ts';
import type { ExportedStream } from '../exports/export-lines.ts';
import { readArchiveFile } from './archive-file.ts';
import type { Archived } from './archive-index.ts';

/** The folder of archive files, where this process knows one. Asked for only when a stream is archived. */
export type ArchiveFolder = () => Promise<string | null>;

const unreadable = (archived: Archived, why: string, cause?: unknown) =>
  new ArchiveUnreadable(
    `${archived.stream} is archived in ${archived.file}, written on host ${archived.host}, and ${why}; bring the file there, or name its folder as retention.folder`,
    { ...archived },
    { cause },
  );

/**
 * Reads archived streams. The last one is kept: a stream is read in pages, and a file only whole.
 * @throws {ArchiveUnreadable} from the function it returns
 */
export const createReadArchive = (folder: ArchiveFolder) => {
  let last: { readonly archived: Archived; readonly exported: ExportedStream } | null = null;
  return async (archived: Archived): Promise<ExportedStream> => {
    if (last?.archived.file === archived.file && last.archived.hash === archived.hash) return last.exported;
    const place = await folder();
    if (place === null) throw unreadable(archived, 'this process knows no folder of archives');
    const parsed = await readArchiveFile(place, archived.file).catch((error: unknown) => {
      throw unreadable(
        archived,
        `cannot be read in ${place} (${error instanceof Error ? error.message : error})`,
        error,
      );
    });
    if (!parsed.ok) throw unreadable(archived, `is damaged in ${place}: ${parsed.problems[0]?.problem}`);
    last = { archived, exported: parsed };
    return parsed;
  };
};
