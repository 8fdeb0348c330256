import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklogDocument } from '#contracts';

const Written = BacklogDocument.pick({ version: true, updated_at: true });

const isNewer = (document: BacklogDocument, written: Pick<BacklogDocument, 'version' | 'updated_at'>): boolean => {
  const [time, before] = [document.updated_at ?? '', written.updated_at ?? ''];
  // By time first: a log that was begun again has small versions and is newer all the same.
  return time === before ? document.version > written.version : time > before;
};

const isOutdated = async (file: string, document: BacklogDocument): Promise<boolean> => {
  try {
    return isNewer(document, Written.loose().parse(JSON.parse(await readFile(file, 'utf8'))));
  } catch {
    // Not there, or not ours: it is written anew.
    return true;
  }
};

/**
 * `backlog.json` of a `.studio` folder: a projection, whole or not there. An older document does not replace a newer one.
 */
export const writeBacklogFile = async (studioDir: string, document: BacklogDocument): Promise<void> => {
  const file = join(studioDir, 'backlog.json');
  if (!(await isOutdated(file, document))) return;
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, `${JSON.stringify(document, null, 2)}\n`);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
};
