import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkspaceError, type WorkspaceProblem } from '../errors.ts';
import { askGit, type GitResult } from '../git.ts';
import type { RemoteRepository } from '../repository.ts';

export interface RemoteOptions {
  readonly signal?: AbortSignal | undefined;
  /** A server that hangs is a server that is away. */
  readonly limitMs?: number;
}

/** Long enough for the first fetch of a large repository over a slow line. */
const LIMIT_MS = 30 * 60_000;

/** The other side sent nothing for a minute: it will not. */
const NETWORK = ['http.lowSpeedLimit=1', 'http.lowSpeedTime=60', 'core.filesRefLockTimeout=10000'];
const SSH = 'core.sshCommand=ssh -oBatchMode=yes -oConnectTimeout=30';

/** Nobody is there to type a passphrase or to trust a host. A command of the worker's user is theirs to set up. */
const settingsFor = async ({ checkout }: RemoteRepository): Promise<readonly string[]> => {
  const own = await askGit(checkout, ['config', '--get', 'core.sshCommand']);
  const settings = own.exitCode === 0 ? NETWORK : [...NETWORK, SSH];
  return settings.flatMap((setting) => ['-c', setting]);
};

/** What git says of a server, the special before the general. What is not here is trouble that may pass. */
const KNOWN: readonly { readonly words: RegExp; readonly problem: WorkspaceProblem; readonly advice: string }[] = [
  {
    words: /Host key verification failed/,
    problem: 'remote_denied',
    advice: 'add the key of that host to known_hosts of the user that Studio runs as there, then retry',
  },
  {
    words: /SSL certificate problem|certificate verif|unable to get local issuer/i,
    problem: 'remote_denied',
    advice: 'give git there the certificate of your authority (http.sslCAInfo), then retry',
  },
  {
    words:
      /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|Permission (?:to \S+ )?denied|access denied|returned error: 40[13]|You are not allowed to|dubious ownership/i,
    problem: 'remote_denied',
    advice:
      "give the user that Studio runs as there the right to it, with git's credential helper or a key that ssh uses without asking, then retry",
  },
  {
    words: /not found|does not appear to be a git repository|returned error: 404|could not be found|does not exist/i,
    problem: 'remote_missing',
    advice: 'check the URL, and that the user that Studio runs as there may see it, then retry',
  },
  {
    words: /\[remote rejected\]|hook declined|service not enabled|protocol '.*' is not (?:supported|allowed)/,
    problem: 'remote_refused',
    advice: 'let the server take pushes to refs/studio/* and refs/heads/studio/* from the user of Studio, then retry',
  },
];

/** What sounds like one of those and is not: a name that does not resolve now, and a server that is busy with another push. */
const MAY_PASS =
  /could not resolve host|name or service not known|temporary failure|cannot lock ref(?!.*cannot create)|internal server error/i;

const withoutLogin = (text: string): string => text.replace(/(?<=\/\/)[^/@\s]+@/g, '');

/** What git said, without what may be a login. */
export const wordsOf = ({ stderr, exitCode }: GitResult): string => {
  const text = withoutLogin(stderr).trim().slice(-1_000);
  return text === '' ? `git ended with exit code ${exitCode}` : text;
};

export const remoteFailed = ({ remote }: RemoteRepository, what: string, said: string): WorkspaceError => {
  const host = hostname();
  const known = MAY_PASS.test(said) ? undefined : KNOWN.find(({ words }) => words.test(said));
  const advice = known ? `: ${known.advice}` : '; it is tried again';
  return new WorkspaceError(
    known?.problem ?? 'remote_failed',
    `host ${host} could not ${what} ${remote.url} (${said})${advice}`,
    { url: remote.url, host },
  );
};

/** Another process is just fetching the same, pushing to it, or adding a worktree, which has no commit at first. */
const MET_ANOTHER =
  /cannot lock ref(?!.*cannot create)|unable to update local ref|\.lock': File exists|bad object worktrees\//;
const MOST_MEETINGS = 20;

/**
 * Runs git against the server, with the login of the user that this process runs as, and without asking anybody.
 * @returns how git ended: a refusal is an answer
 * @throws {WorkspaceError} `remote_failed` when it did not end in time
 */
export const askRemote = async (
  repository: RemoteRepository,
  [command = '', ...args]: readonly string[],
  { signal, limitMs = LIMIT_MS }: RemoteOptions = {},
): Promise<GitResult> => {
  const limit = AbortSignal.timeout(limitMs);
  const either = signal ? AbortSignal.any([signal, limit]) : limit;
  try {
    const settings = await settingsFor(repository);
    for (let meeting = 1; ; meeting += 1) {
      const result = await askGit(repository.checkout, [...settings, command, ...args], { signal: either });
      if (result.exitCode === 0 || meeting > MOST_MEETINGS || !MET_ANOTHER.test(result.stderr)) return result;
      await delay(50, undefined, { signal: either });
    }
  } catch (error) {
    if (!limit.aborted || signal?.aborted) throw error;
    throw remoteFailed(repository, command, `no answer within ${limitMs / 1_000} s`);
  }
};

/** @throws {WorkspaceError} with what git said, and what to do about it */
export const runRemote = async (
  repository: RemoteRepository,
  args: readonly string[],
  what: string,
  options: RemoteOptions = {},
): Promise<string> => {
  const result = await askRemote(repository, args, options);
  if (result.exitCode !== 0) throw remoteFailed(repository, what, wordsOf(result));
  return result.stdout;
};
