import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 2_000;

/** Resolves when the folder was removed, or another lies in its place: nobody finds what runs for it any more. */
export const untilGone = async (folder: string): Promise<void> => {
  const { ino } = await stat(folder);
  const isThere = async () => (await stat(folder).catch(() => null))?.ino === ino;
  while (await isThere()) await sleep(LOOK_EVERY_MS, undefined, { ref: false });
};
