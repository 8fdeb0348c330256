import { rename, writeFile } from 'node:fs/promises';

/** As an editor saves: whoever reads meanwhile gets the old text or the new one. */
export const replaceFile = async (file: string, text: string): Promise<void> => {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
};
