import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import {
  addLearnings,
  distinctLearnings,
  domainOfFile,
  learningsFile,
  parseLearnings,
  renderLearnings,
} from '#context';
import { type Learning, LearningDomain } from '#contracts';

/** Below a workspace: what runs found out there. */
export const LEARNINGS_FOLDER = 'studio/learnings';

/** A repository may come from anywhere: a link in it leads nobody out of it. @returns null where there is no folder */
const folderOf = async (workspace: string): Promise<string | null> => {
  try {
    const [root, folder] = await Promise.all([realpath(workspace), realpath(join(workspace, LEARNINGS_FOLDER))]);
    return folder.startsWith(`${root}${sep}`) ? folder : null;
  } catch {
    return null;
  }
};

const textOf = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
};

const readFileOf = async (folder: string, name: string): Promise<readonly Learning[]> => {
  const domain = domainOfFile(name);
  const file = join(folder, name);
  const text = domain === null ? null : await textOf(file).catch(() => null);
  if (domain === null || text === null) return [];
  return parseLearnings(domain, text, (await stat(file)).mtime.toISOString().slice(0, 10));
};

/** What the files of a workspace say, newest first; `null` where it has none. */
export const readLearnings = async (workspace: string): Promise<readonly Learning[] | null> => {
  const folder = await folderOf(workspace);
  if (folder === null) return null;
  const names = (await readdir(folder)).sort();
  return distinctLearnings((await Promise.all(names.map((name) => readFileOf(folder, name)))).flat());
};

export interface ProjectLearnings {
  readonly workspace: string;
  /** What one run found out. */
  readonly learnings: readonly Learning[];
  /** Everything that the log knows of the workspace: asked for where a file is not there. */
  readonly known: () => Promise<readonly Learning[]>;
}

const writeWhole = async (file: string, text: string): Promise<void> => {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
};

/** Again when somebody wrote the file meanwhile; after this often he is left to it. */
const LOOKS = 5;

const projectDomain = async (file: string, domain: string, { learnings, known }: ProjectLearnings): Promise<void> => {
  const own = learnings.filter((learning) => learning.domain === domain);
  for (let look = 1; look <= LOOKS; look++) {
    const before = await textOf(file);
    const after =
      before === null
        ? renderLearnings(
            domain,
            distinctLearnings([...own, ...(await known()).filter((learning) => learning.domain === domain)]),
          )
        : addLearnings(domain, before, own);
    if (after === before) return;
    if ((await textOf(file)) === before) return writeWhole(file, after);
  }
};

/** The folder is nobody's change of the repository until a team says so: it ignores itself, as `.studio` does. */
const makeFolder = async (workspace: string): Promise<string | null> => {
  const folder = join(workspace, LEARNINGS_FOLDER);
  if ((await mkdir(folder, { recursive: true })) !== undefined) await writeFile(join(folder, '.gitignore'), '*\n');
  return folderOf(workspace);
};

let turn: Promise<unknown> = Promise.resolve();

const project = async (request: ProjectLearnings): Promise<void> => {
  const { workspace, learnings } = request;
  const domains = new Set(
    learnings.map(({ domain }) => domain).filter((name) => LearningDomain.safeParse(name).success),
  );
  if (domains.size === 0 || !(await stat(workspace).catch(() => null))?.isDirectory()) return;
  const folder = await makeFolder(workspace);
  if (folder === null) return;
  for (const domain of domains) await projectDomain(join(folder, learningsFile(domain)), domain, request);
};

/**
 * Adds what a run found out to `studio/learnings/<domain>.md` of its workspace. What is there stays as it is, whoever wrote
 * it; what is there already is not added again, so it may be called any number of times. A file that is gone is made
 * again from the log. Nothing happens where the workspace is on another machine.
 */
export const projectLearnings = (request: ProjectLearnings): Promise<void> => {
  // One at a time in a process: runs of one workspace may end together.
  const done = turn.then(() => project(request));
  turn = done.catch(() => undefined);
  return done;
};
