import { relative } from 'node:path';
import type { HandFolders } from '#client';
import type { Config } from '#contracts';
import { mapTexts } from '#engines';
import { collectHandFolder, createRedactor, findHandFolder, makeHandFolder, removeHandFolder } from '#workspace';
import { cacheDirOf, sandboxesOf, settingsOf } from './equipment.ts';

export interface HandFoldersOptions {
  readonly config: Config;
  readonly studioDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A folder that is in use: it is not removed. */
  readonly cwd?: string;
}

/** The folders in which work is done by hand, on this machine. */
export const createHandFolders = async ({ config, studioDir, env, cwd }: HandFoldersOptions): Promise<HandFolders> => {
  const place = { studioDir, cacheDir: cacheDirOf(env) };
  const redact = createRedactor({ patterns: config.redact.patterns, environment: env });
  const settings = await settingsOf(config);
  const sandboxes = await sandboxesOf(config, env);
  return {
    make: async (request) => {
      const { directory, setUp } = await makeHandFolder({
        ...place,
        ...request,
        settings,
        redact,
        environment: env,
        sandboxes,
      });
      const { how, source, output } = setUp;
      return { directory, problem: how === 'failed' ? `it could not be set up (${source}): ${output}` : null };
    },
    find: (lease) => findHandFolder({ ...place, ...lease }),
    collect: (request) => collectHandFolder({ ...place, ...request }),
    clean: (value) => mapTexts(value, redact),
    remove: async (lease) => {
      const folder = await findHandFolder({ ...place, ...lease });
      const isInUse = folder !== null && cwd !== undefined && !relative(folder, cwd).startsWith('..');
      if (folder !== null && !isInUse) await removeHandFolder({ ...place, ...lease });
    },
  };
};
