import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { askGit, type GitScope } from '#repository';
import { RUNS_SOMETHING } from './git-settings.ts';
import { SecurityViolation } from './security-violation.ts';

type Contents = ReadonlyMap<string, string>;

const read = async (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** What is in force of git's own folder when somebody else works in the repository. */
const contentsOf = async (gitDir: string): Promise<Contents> => {
  const hooks = (await readdir(join(gitDir, 'hooks')).catch(() => [])).filter((name) => !name.endsWith('.sample'));
  const files = ['config', 'config.worktree', ...hooks.map((name) => join('hooks', name))];
  return new Map(await Promise.all(files.map(async (name) => [name, await read(join(gitDir, name))] as const)));
};

/** The settings in a file that run something, each with its value. A file that git cannot read runs nothing. */
const programsIn = async (content: string, scope: GitScope): Promise<ReadonlySet<string>> => {
  const args = ['config', '--file', '-', '--list', '-z', '--no-includes'];
  const { exitCode, stdout } = await askGit(scope, args, { input: content });
  const entries = exitCode === 0 ? stdout.split('\0') : [];
  return new Set(entries.filter((entry) => RUNS_SOMETHING.test(entry.split('\n', 1)[0]?.toLowerCase() ?? '')));
};

/** The first thing that somebody changed in how git behaves for the person; `null` where nothing did. */
const findChange = async (gitDir: string, before: Contents, after: Contents): Promise<string | null> => {
  const scope = { cwd: dirname(gitDir), gitDir };
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old = '', now = ''] = [before.get(name), after.get(name)];
    if (old === now) continue;
    if (name.startsWith('hooks')) return name;
    const [programsBefore, programs] = await Promise.all([programsIn(old, scope), programsIn(now, scope)]);
    const changed = [...programs].find((entry) => !programsBefore.has(entry));
    if (changed !== undefined) return `${name}, ${changed.split('\n', 1)[0]}`;
  }
  return null;
};

/**
 * Remembers the hooks of a repository and the settings that run programs: with them work could act later, outside of its
 * worktree, in the name of the person. Both are shared by all worktrees.
 * @returns a look at them now, which throws {@link SecurityViolation} when they differ
 */
export const watchRepository = async (gitDir: string): Promise<() => Promise<void>> => {
  const before = await contentsOf(gitDir);
  return async () => {
    const change = await findChange(gitDir, before, await contentsOf(gitDir));
    if (change === null) return;
    throw new SecurityViolation(
      `security violation: ${join(gitDir, change)} was changed while the work ran, so git would do something else for the person from now on; look at it before you use git there again`,
      { gitDir, change },
    );
  };
};
