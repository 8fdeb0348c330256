import { existsSync } from 'node:fs';
import type { BacklogsOptions } from '#backlog';
import { findStudioDir } from '#runtime';

export interface BacklogProjectionOptions {
  readonly studioDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * `backlog.json` for people and tools, in the `.studio` folder of the workspace; where `STUDIO_DIR` names one, there. A
 * workspace that is on another machine is that machine's.
 */
export const createBacklogProjection =
  ({ studioDir, env }: BacklogProjectionOptions): NonNullable<BacklogsOptions['project']> =>
  async (document) => {
    if (!existsSync(document.workspace)) return;
    // Most commands change no backlog.
    const { writeBacklogFile } = await import('#backlog');
    await writeBacklogFile(env.STUDIO_DIR ? studioDir : findStudioDir(document.workspace, {}).path, document);
  };
