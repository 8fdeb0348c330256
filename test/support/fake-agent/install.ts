import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.mjs', import.meta.url));

/** Puts a coding agent without a model into a folder for the PATH, under the name of a real one. @returns its path */
export const installFakeAgent = async (folder: string, agent: string): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const file = join(folder, agent);
  await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' ${agent} "$@"\n`);
  await chmod(file, 0o755);
  return file;
};
