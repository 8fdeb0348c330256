import { lstat, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { BrowserVerification, CheckResult, SuccessCriterion, Verification } from '#contracts';
import type { CommandOutcome } from '#engines';
import { type Browser, browserCommand } from './browser/browser.ts';
import { matchesPattern } from './pattern.ts';

export interface CheckContext {
  /** The folder that paths are relative to, and where commands run. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly run: (command: string, options?: { timeoutMs?: number }) => Promise<CommandOutcome>;
  readonly timeoutMs?: number;
  /** What opens a page. Without it there is none here. */
  readonly browser?: Browser;
  /** @throws {ForbiddenCommand} for a command within another one */
  readonly assertAllowed?: (command: string) => void;
}

type Verdict = Pick<CheckResult, 'passed'> & Partial<Pick<CheckResult, 'exitCode' | 'output'>>;

/** What a check keeps of the output: the end says why. Several of them must fit into one event. */
const MAX_OUTPUT = 4_000;
/** Larger than any source file; a pattern over more would take long and say little. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Whether there is anything here that can run such a verification. What is not available has never passed. */
export const isAvailable = ({ type }: Verification, { browser }: Pick<CheckContext, 'browser'>): boolean =>
  type !== 'browser' || browser !== undefined;

const NO_BROWSER =
  'not available: there is no browser here to open a page in; apt-get install -y chromium, or browser.program in .studio/config.yaml, gives one to the worker that starts next';

/**
 * Checks one criterion by running it, whatever anybody claims.
 * @throws the signal's reason; everything else is a result
 */
export const verify = async (criterion: SuccessCriterion, context: CheckContext): Promise<CheckResult> => {
  const started = performance.now();
  context.signal.throwIfAborted();
  const { passed, exitCode = null, output = '' } = await judge(criterion.verification, context);
  context.signal.throwIfAborted();
  return {
    criterion: criterion.criterion,
    type: criterion.verification.type,
    passed,
    durationMs: Math.round(performance.now() - started),
    exitCode,
    output: endOf(output),
  };
};

/** The end of an output, from the start of a line. */
export const endOf = (output: string, characters = MAX_OUTPUT): string => {
  if (output.length <= characters) return output;
  const end = output.slice(-characters);
  return `[…]\n${end.slice(end.indexOf('\n') + 1)}`;
};

const judge = (verification: Verification, context: CheckContext): Promise<Verdict> => {
  switch (verification.type) {
    case 'command':
      return runs(verification.command, context);
    case 'test_passes':
      return runs(verification.test_command, context);
    case 'file_exists':
      return fileExists(verification.path, context);
    case 'file_contains':
      return fileContains(verification, context);
    case 'browser':
      return looks(verification, context);
  }
};

const failed = async (output: string): Promise<Verdict> => ({ passed: false, output });

const runs = async (command: string, { run, timeoutMs }: CheckContext): Promise<Verdict> => {
  const outcome = await run(command, timeoutMs === undefined ? {} : { timeoutMs });
  const output = outcome.timedOut ? `${outcome.output}\nstopped after ${outcome.durationMs} ms` : outcome.output;
  return { passed: outcome.exitCode === 0 && !outcome.timedOut, exitCode: outcome.exitCode, output };
};

const looks = async (verification: BrowserVerification, context: CheckContext): Promise<Verdict> => {
  const { browser, assertAllowed } = context;
  if (browser === undefined) return failed(NO_BROWSER);
  if (verification.serve !== undefined) assertAllowed?.(verification.serve);
  return runs(browserCommand(verification, browser), context);
};

/** @returns the place that a path leads to, or why there is none. A link out of the workspace counts as none. */
const resolveInside = async (path: string, directory: string): Promise<{ file: string } | { why: string }> => {
  try {
    const [top, file] = await Promise.all([realpath(directory), realpath(join(directory, path))]);
    return file === top || file.startsWith(top + sep) ? { file } : { why: `${path} is a link out of the workspace` };
  } catch {
    const link = await lstat(join(directory, path)).catch(() => null);
    return { why: link?.isSymbolicLink() ? `${path} is a link to nothing` : `there is no ${path}` };
  }
};

const fileExists = async (path: string, { directory }: CheckContext): Promise<Verdict> => {
  const found = await resolveInside(path, directory);
  return 'file' in found ? { passed: true } : { passed: false, output: found.why };
};

const fileContains = async (
  { path, pattern }: { path: string; pattern: string },
  { directory }: CheckContext,
): Promise<Verdict> => {
  const found = await resolveInside(path, directory);
  if ('why' in found) return failed(found.why);
  const entry = await lstat(found.file);
  if (!entry.isFile()) return failed(`${path} is not a file`);
  if (entry.size > MAX_FILE_BYTES) return failed(`${path} has ${entry.size} bytes, more than ${MAX_FILE_BYTES}`);
  const match = matchesPattern(await readFile(found.file, 'utf8'), pattern);
  if (match === 'found') return { passed: true };
  return failed(
    match === 'absent' ? `${path} does not contain ${pattern}` : `${pattern} takes too long on ${path}: simplify it`,
  );
};
