import { resolve } from 'node:path';
import type { Config } from '#contracts';

export interface ArchivePlace {
  readonly studioDir: string;
  /** The Redis is a person's own: this machine's `.studio` is not where others would look, and may not last. */
  readonly isShared: boolean;
}

/** The folder of archived runs, or `null` where nobody has named one. */
export const archiveFolderOf = (
  { folder }: Config['retention'],
  { studioDir, isShared }: ArchivePlace,
): string | null => {
  if (folder !== 'auto') return resolve(studioDir, folder);
  return isShared ? null : resolve(studioDir, 'archive');
};
