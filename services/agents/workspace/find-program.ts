import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Looks a program up as the shell would. @param path the value of `PATH` */
export const findProgram = async (name: string, path: string): Promise<string | null> => {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return null;
};
