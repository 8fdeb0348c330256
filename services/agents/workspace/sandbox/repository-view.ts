import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { askGit, type GitScope, git } from '#repository';
import type { Mount } from '#sandbox';
import { RUNS_SOMETHING } from '../security/git-settings.ts';

export interface RepositoryViewRequest {
  /** Shared by all worktrees. */
  readonly gitDir: string;
  /** Of the worktree: its `gitDir` lies in the shared one. */
  readonly scope: Required<Omit<GitScope, 'index'>>;
  /** A folder for the copy. */
  readonly folder: string;
  readonly isSecret: (text: string) => boolean;
}

export interface RepositoryView {
  readonly mounts: readonly Mount[];
  /** Shows a commit that was made outside since the last call. Call it before a program starts. */
  readonly refresh: () => Promise<void>;
}

/** Where the objects of the person's repository are seen. */
const OBJECTS = '/run/studio/objects';

const text = (file: string) => readFile(file, 'utf8').catch(() => '');

const copyIfThere = (from: string, to: string) => copyFile(from, to).catch(() => undefined);

/** Settings that say where and how to log in are not needed to work on files. */
const PRIVATE =
  /^(?:http\..*extraheader|http\..*cookiefile|sendemail\..*|user\.signingkey|extensions\.(?!objectformat$).*)$/;

const quote = (value: string) => `"${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t')}"`;

/** The name of a setting is a section, perhaps a part of it that may hold anything, and a key. */
const settingLines = (name: string, value: string | undefined): readonly string[] => {
  const [, section = '', part, key = ''] = /^([^.]+)(?:\.(.*))?\.([^.]+)$/s.exec(name) ?? [];
  return [
    part === undefined ? `[${section}]` : `[${section} ${quote(part)}]`,
    value === undefined ? key : `${key} = ${quote(value)}`,
  ];
};

const withoutLogin = (value: string) => value.replace(/(?<=^[a-z+]+:\/\/)[^/@]*@/i, '');

const configOf = async ({ gitDir, isSecret }: RepositoryViewRequest): Promise<string> => {
  const scope = { cwd: dirname(gitDir), gitDir };
  const listed = await askGit(scope, ['config', '--file', join(gitDir, 'config'), '--no-includes', '--list', '-z']);
  const entries = listed.exitCode === 0 ? listed.stdout.split('\0').filter((entry) => entry !== '') : [];
  const lines = entries.flatMap((entry) => {
    const [name = '', ...rest] = entry.split('\n');
    const known = name.toLowerCase();
    if (RUNS_SOMETHING.test(known) || PRIVATE.test(known) || known === 'core.bare' || isSecret(entry)) return [];
    return settingLines(name, rest.length === 0 ? undefined : withoutLogin(rest.join('\n')));
  });
  return [...lines, '[core]', 'bare = false', ''].join('\n');
};

const refsOf = async ({ gitDir }: RepositoryViewRequest): Promise<string> => {
  const scope = { cwd: dirname(gitDir), gitDir };
  return git(scope, ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/tags', 'refs/remotes']);
};

/** Repositories that this one borrows objects from. */
const lenders = async (objects: string): Promise<readonly string[]> => {
  const lines = (await text(join(objects, 'info', 'alternates'))).split('\n').filter((line) => line !== '');
  const places = lines.map((line) => resolve(objects, line));
  return [...places, ...(await Promise.all(places.map(lenders))).flat()];
};

/**
 * A copy of the repository that lies where the repository is: a program can commit, branch and configure there, and all
 * of it goes with the lease. Objects are read from the original and new ones stay in the copy, so that hooks, settings,
 * refs and objects of the person are out of reach.
 */
export const prepareRepositoryView = async (request: RepositoryViewRequest): Promise<RepositoryView> => {
  const { gitDir, scope, folder } = request;
  const own = join(folder, 'worktrees', basename(scope.gitDir));
  const objects = join(gitDir, 'objects');
  const folders = ['refs/heads', 'refs/tags', 'objects/info', 'objects/pack', 'info', 'hooks'];
  await Promise.all(
    [...folders.map((name) => join(folder, name)), own].map((path) => mkdir(path, { recursive: true })),
  );
  const [config, refs, borrowed] = await Promise.all([configOf(request), refsOf(request), lenders(objects)]);
  await Promise.all([
    writeFile(join(folder, 'config'), config),
    writeFile(join(folder, 'packed-refs'), refs),
    writeFile(join(folder, 'objects', 'info', 'alternates'), `${[OBJECTS, ...borrowed].join('\n')}\n`),
    writeFile(join(own, 'commondir'), '../..\n'),
    writeFile(join(own, 'gitdir'), `${join(scope.workTree, '.git')}\n`),
    ...['HEAD', 'shallow', 'info/exclude', 'info/attributes', 'info/sparse-checkout'].map((name) =>
      copyIfThere(join(gitDir, name), join(folder, name)),
    ),
  ]);
  let shown: string | null = null;
  const refresh = async () => {
    const head = await text(join(scope.gitDir, 'HEAD'));
    if (head === shown) return;
    await Promise.all(['HEAD', 'index'].map((name) => copyIfThere(join(scope.gitDir, name), join(own, name))));
    shown = head;
  };
  return {
    mounts: [
      { kind: 'write', path: gitDir, source: folder },
      { kind: 'read', path: OBJECTS, source: objects },
      ...borrowed.map((path): Mount => ({ kind: 'read', path })),
    ],
    refresh,
  };
};
