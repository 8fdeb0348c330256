import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import * as z from 'zod';
import { distinctLearnings, type LibraryDoc } from '#context';
import { BacklogTask, type Learning } from '#contracts';
import { readLearnings } from '#learnings';
import { locateStudioDir } from '#runtime';

/** What there is to read about a workspace, whoever reads it. */
export interface WhatLiesThere {
  readonly learnings: readonly Learning[];
  readonly docs: readonly LibraryDoc[];
  /** The tasks of its backlog, those to be done first, a line each. */
  readonly backlog: readonly string[];
}

export interface Place {
  /** The folder, or a worktree of a git URL. */
  readonly workspace: string;
  /** `STUDIO_DIR`, where that is set; else each workspace has its own. */
  readonly studioDir: string | undefined;
  /** What runs found out where no file can be written: the log has it, and the team's own files are in the repository. */
  readonly known?: (() => Promise<readonly Learning[]>) | undefined;
}

const NOTHING: WhatLiesThere = { learnings: [], docs: [], backlog: [] };

/** Where tools that fetch documentation keep it, a file a library: `react.md`. */
const DOCS_FOLDER = join('.cache', 'context7');

const readDocs = async (studioDir: string): Promise<readonly LibraryDoc[]> => {
  const folder = join(studioDir, DOCS_FOLDER);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => ({
      library: name.slice(0, name.length - extname(name).length),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
};

/** As much of `backlog.json` as is told. */
const Backlog = z.object({
  tasks: z.array(BacklogTask.pick({ id: true, title: true, status: true, waits_for: true }).loose()),
});

const readBacklog = async (studioDir: string): Promise<readonly string[]> => {
  try {
    const text = await readFile(join(studioDir, 'backlog.json'), 'utf8');
    const { tasks } = Backlog.parse(JSON.parse(text));
    return tasks.map(
      ({ id, title, status, waits_for: waits }) =>
        `- ${id} ${status}: ${title}${waits.length > 0 ? ` (after ${waits.join(', ')})` : ''}`,
    );
  } catch {
    // None there, or none of ours.
    return [];
  }
};

/** @param place `null`: a goal without a workspace has nothing to read */
export const whatLiesThere = async (place: Place | null): Promise<WhatLiesThere> => {
  if (place === null) return NOTHING;
  try {
    const studioDir = place.studioDir ?? locateStudioDir(place.workspace, {});
    const [written, known, docs, backlog] = await Promise.all([
      readLearnings(place.workspace),
      place.known?.(),
      readDocs(studioDir),
      readBacklog(studioDir),
    ]);
    return { learnings: distinctLearnings([...(written ?? []), ...(known ?? [])]), docs, backlog };
  } catch {
    // A folder that cannot be read is the business of whoever works in it.
    return NOTHING;
  }
};
