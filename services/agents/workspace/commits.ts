import type { FileChange } from '#contracts';
import {
  commitTree,
  type GitScope,
  git,
  missingCommits,
  parseChanges,
  pushRefs,
  type Repository,
  stageAll,
  untrackedDependencies,
  writeTree,
} from '#repository';
import { type MergeResult, mergeCommit } from './merge-commit.ts';

export interface CommitOptions {
  /**
   * A tree from `treeHash`, taken before checks ran: exactly this is committed, and what lies in the worktree beyond it
   * (a coverage report, a build cache) is thrown away.
   */
  readonly tree?: string;
}

/** The history of one lease. Every commit of it is ours; what an agent commits by itself is folded into the next. */
export interface Commits {
  readonly head: () => string;
  /**
   * Looks at what the files of this tree add to those of `head`, each tree once.
   * @throws {SecurityViolation} they must not become history
   */
  readonly assertSafe: (tree: string) => Promise<void>;
  /** Commits everything that changed since `head`, if it is safe. @returns the commit, or `null` when nothing did */
  readonly commitAll: (message: string, options?: CommitOptions) => Promise<string | null>;
  /** The tree as it lies there, committed or not: equal hashes mean equal files. */
  readonly treeHash: () => Promise<string>;
  /** What lies there as a commit that `head` does not move to; `head` itself where nothing changed. */
  readonly snapshot: (message: string) => Promise<string>;
  /** Files as in that commit, none of it committed: `head` stays. What set-up put there, and what git ignores, stays too. */
  readonly layOut: (commit: string) => Promise<void>;
  /**
   * Keeps a commit from being collected, under `refs/studio/<orchestration>/<lease>-<n>`; of a git URL on the server, so that
   * every machine can go on from it. Call it before the log names the commit.
   */
  readonly pin: (commit: string, n: number) => Promise<void>;
  /** Files as in that commit, everything else gone but what git ignores and what set-up put there. */
  readonly resetTo: (commit: string) => Promise<void>;
  readonly has: (commit: string) => Promise<boolean>;
  /** Brings the work of another commit into the worktree. Call it while nothing else has changed the files. */
  readonly merge: (commit: string, message: string) => Promise<MergeResult>;
  /** Files that differ between the base and `head`, by path. */
  readonly changes: () => Promise<readonly FileChange[]>;
}

export interface CommitsRequest {
  readonly repository: Repository;
  readonly scope: GitScope;
  readonly orchestration: string;
  readonly lease: number;
  readonly base: string;
  readonly start: string;
  readonly signal: AbortSignal;
  /** Paths that set-up put into the worktree and git does not ignore: never committed, never cleaned. */
  readonly kept: () => readonly string[];
  /** @throws {SecurityViolation} what the second tree adds to the first must not become history */
  readonly inspect: (before: string, after: string) => Promise<void>;
}

/** Of the same two trees the answer is the same, and of one tree twice nothing new can be said. */
const once = (inspect: CommitsRequest['inspect']): CommitsRequest['inspect'] => {
  const safe = new Set<string>();
  return async (before, after) => {
    const pair = `${before} ${after}`;
    if (before === after || safe.has(pair)) return;
    await inspect(before, after);
    safe.add(pair);
  };
};

const changesUpTo = async ({ scope, base, signal }: CommitsRequest, head: string): Promise<readonly FileChange[]> => {
  const args = ['diff', '--raw', '--numstat', '-z', '-M', '--no-ext-diff', '--no-textconv', base, head, '--'];
  return parseChanges(await git(scope, args, { signal }));
};

/** What does not depend on where `head` is. */
const createRefs = ({
  scope,
  repository,
  orchestration,
  lease,
  signal,
}: CommitsRequest): Pick<Commits, 'pin' | 'has' | 'layOut'> => {
  const options = { signal };
  return {
    pin: async (commit, n) => {
      const ref = `refs/studio/${orchestration}/${lease}-${n}`;
      await git(scope, ['update-ref', ref, commit], options);
      await pushRefs(repository, { [ref]: commit }, options);
    },
    has: async (commit) => (await missingCommits(repository, [commit], options)).length === 0,
    layOut: async (commit) => void (await git(scope, ['read-tree', '--reset', '-u', commit], options)),
  };
};

const createTrees = ({ scope, kept, signal }: CommitsRequest) => {
  const options = { signal };
  const known = new Map<string, string>();
  const treeOf = async (commit: string): Promise<string> => {
    const tree = known.get(commit) ?? (await git(scope, ['rev-parse', `${commit}^{tree}`], options)).trim();
    known.set(commit, tree);
    return tree;
  };
  const treeHash = async (): Promise<string> => {
    await stageAll(scope, kept(), options);
    return writeTree(scope, options);
  };
  return { treeOf, treeHash, know: (commit: string, tree: string) => void known.set(commit, tree) };
};

export const createCommits = (request: CommitsRequest): Commits => {
  const { repository, scope, start, signal, kept } = request;
  const options = { signal };
  const { treeHash, treeOf, know } = createTrees(request);
  const inspect = once(request.inspect);
  let head = start;

  const assertSafe = async (tree: string) => inspect(await treeOf(head), tree);

  const resetTo = async (commit: string) => {
    await git(scope, ['checkout', '-q', '--force', '--detach', commit, '--'], options);
    const own = kept().map((path) => `/${path.replace(/[*?[\\ ]/g, '\\$&')}`);
    const keep = [...own, ...(await untrackedDependencies(scope, options))];
    await git(scope, ['clean', '-ffdq', ...keep.flatMap((pattern) => ['-e', pattern])], options);
    head = commit;
  };

  const commitAll = async (message: string, { tree: given }: CommitOptions = {}) => {
    const [tree, before] = await Promise.all([given ?? treeHash(), treeOf(head)]);
    if (tree === before) {
      if (given !== undefined) await resetTo(head);
      return null;
    }
    await assertSafe(tree);
    const commit = await commitTree(scope, { tree, parents: [head], message }, options);
    // Not through HEAD: an agent may have checked out a branch of the person, which must not move.
    await git(scope, ['update-ref', '--no-deref', 'HEAD', commit], options);
    head = commit;
    know(commit, tree);
    if (given !== undefined) await resetTo(commit);
    return commit;
  };

  const snapshot = async (message: string): Promise<string> => {
    const tree = await treeHash();
    if (tree === (await treeOf(head))) return head;
    await assertSafe(tree);
    return commitTree(scope, { tree, parents: [head], message }, options);
  };

  const merge = async (commit: string, message: string): Promise<MergeResult> => {
    const merged = await mergeCommit({ repository, scope, head, commit, message, signal });
    if (merged.outcome === 'merged') head = merged.commit;
    return merged;
  };

  return {
    ...createRefs(request),
    head: () => head,
    assertSafe,
    commitAll,
    merge,
    treeHash,
    resetTo,
    snapshot,
    changes: () => changesUpTo(request, head),
  };
};
