import { resolve } from 'node:path';
import type { ScriptIo } from '../script-io.ts';

/** Where the script reads and writes. Relative names in messages are as they were given. */
export interface Places {
  readonly learnings: { readonly path: string; readonly name: string };
  readonly studio: string;
  readonly packageRoot: string;
  readonly resolve: (path: string) => string;
}

export const placesOf = ({ cwd, env, packageRoot }: ScriptIo): Places => {
  const name = env.LEARNINGS_DIR || 'studio/learnings';
  return {
    learnings: { path: resolve(cwd, name), name },
    studio: resolve(cwd, env.STUDIO_DIR || '.studio'),
    packageRoot,
    resolve: (path) => resolve(cwd, path),
  };
};
