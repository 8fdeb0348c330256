import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { type CommandOutcome, createRunProgram, type EngineContext } from '#engines';
import { PATIENCE_MS } from '../support/wait-until.ts';

const PROJECT = resolve(import.meta.dirname, '../..');

export const projectPath = (path: string): string => join(PROJECT, path);

/** A folder of its own for one test, gone after it. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'studio-test-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

export const writeFiles = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
};

/** Commits what is in the folder to a repository of its own. */
export const commitAll = async (folder: string): Promise<void> => {
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false', ...args], {
      cwd: folder,
    });
  await git('init', '-q');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'base');
};

export const repository = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  await commitAll(folder);
  return folder;
};

/** Lends the tools of this project to a repository, so that its scripts run without an installation. */
export const linkTools = async (folder: string): Promise<void> => {
  await writeFiles(folder, { '.git/info/exclude': 'node_modules\n' });
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
};

/** Commands of a test see no more of this process than a way to find programs. */
const commandEnv = { PATH: process.env.PATH ?? '', HOME: tmpdir() };

/** Commands under the same rules as an engine's program: clean environment, own process group. */
const runIn = (context: Pick<EngineContext, 'directory' | 'signal' | 'env'>): EngineContext['run'] => {
  const runProgram = createRunProgram(context);
  return async (command, { timeoutMs = PATIENCE_MS } = {}): Promise<CommandOutcome> => {
    const started = performance.now();
    const lines: string[] = [];
    const { exitCode, signal, ended, stderr } = await runProgram({
      command,
      stdin: '',
      timeoutMs,
      onLine: (line) => lines.push(line),
      signal: context.signal,
      maxOutputBytes: 10_000_000,
    });
    const output = [...lines, stderr].join('\n');
    return { exitCode, signal, timedOut: ended === 'timeout', output, durationMs: performance.now() - started };
  };
};

export interface TestContext extends EngineContext {
  readonly messages: string[];
}

export const contextFor = (directory: string, overrides: Partial<EngineContext> = {}): TestContext => {
  const messages: string[] = [];
  const signal = overrides.signal ?? new AbortController().signal;
  return {
    directory,
    signal,
    progress: (message) => void messages.push(message),
    stepKey: 'orch_20260202_143052_a1b2c3d4e5f6/step_1',
    run: runIn({ directory, signal, env: commandEnv }),
    env: commandEnv,
    messages,
    ...overrides,
  };
};
