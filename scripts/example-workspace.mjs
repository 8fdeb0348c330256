// The shipped example as a git repository of its own, so that a first goal has something real to work on.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

const NAME = 'hello-service';

/** One author and one moment: the same example is the same commit everywhere. */
const IDENTITY = {
  GIT_AUTHOR_NAME: 'Studio',
  GIT_AUTHOR_EMAIL: 'studio@localhost',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Studio',
  GIT_COMMITTER_EMAIL: 'studio@localhost',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  // The habits of this machine's user, such as signing, are not the example's.
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** Variables that a git hook sets for its own repository would lead every command there. */
const gitEnvironment = () => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(inherited), ...IDENTITY };
};

const GENERATED = new Set(['node_modules', 'dist', '.git', '.studio']);

/** @returns the folder, made unless it is there already; an interrupted call leaves nothing that looks finished */
export const makeExampleWorkspace = (root) => {
  const workspace = join(root, 'workspaces', NAME);
  if (existsSync(workspace)) return workspace;
  const unfinished = `${workspace}.${process.pid}.tmp`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(root, 'workspaces'), { recursive: true });
  cpSync(join(root, 'examples', NAME), unfinished, {
    recursive: true,
    filter: (path) => !GENERATED.has(basename(path)),
  });
  const git = (...args) =>
    execFileSync('git', args, { cwd: unfinished, env: gitEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Add the hello service');
  renameSync(unfinished, workspace);
  return workspace;
};
