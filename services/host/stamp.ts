import { stat } from 'node:fs/promises';

/** Changes whenever somebody writes the file; nothing where there is none. */
export const stampOf = async (file: string): Promise<string> => {
  const stats = await stat(file, { bigint: true }).catch(() => null);
  return stats === null ? '' : `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
};
